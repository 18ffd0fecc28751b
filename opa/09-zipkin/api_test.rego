package api_test

import data.system.authz

test_anyone_may_ask_how_it_does if {
	authz.allow with input as {"method": "GET", "path": ["health"]}
}

test_nobody_may_do_more if {
	every request in [
		{"method": "PUT", "path": ["v1", "policies", "policy.rego"]},
		{"method": "PUT", "path": ["health"]},
		{"method": "GET", "path": ["v1", "data"]},
		{"method": "GET", "path": ["health", "live"]},
	] {
		not authz.allow with input as request
	}
}
