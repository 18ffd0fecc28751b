package log_test

import data.system.log

test_what_is_allowed_is_not_worth_a_line if {
	log.drop with input as {"result": {"allowed": true}}
}

test_denials_and_errors_are_written if {
	not log.drop with input as {"result": {"allowed": false}}
	not log.drop with input as {"error": {"message": "undefined decision"}}
}

test_what_a_candidate_would_decide_otherwise_is_written if {
	dry_run := {"allowed": false, "rule": "operations.allowed"}
	not log.drop with input as {"result": {"allowed": true, "dynamic_metadata": {"dry_run": dry_run}}}
	log.drop with input as {"result": {"allowed": true, "dynamic_metadata": {"rule": "operations.allowed"}}}
}

jwt := {"sub": "spiffe://hardway.test/client/bob"}

told := {"attributes": {
	"contextExtensions": {"workload": "spiffe://hardway.test/calculator"},
	"metadataContext": {"filterMetadata": {"envoy.filters.http.jwt_authn": {"jwt": jwt}}},
	"request": {"http": {
		"headers": {"authorization": "Bearer secret", "x-request-id": "one"},
		"method": "GET",
		"path": "/multiply?access_token=secret",
	}},
	"source": {"principal": "spiffe://hardway.test/gateway"},
}}

denial := {
	"allowed": false,
	"http_status": 403,
	"body": "{\"needed\": \"a right\"}",
	"dynamic_metadata": {"allowed": false, "rule": "operations.allowed", "reason": "may not"},
}

written(event) := {path: value |
	some {"op": "upsert", "path": path, "value": value} in log.mask with input as event
}

test_a_denial_is_written_by_the_names_of_all_logs if {
	written({"input": told, "result": denial}) == {
		"/input": {
			"request_id": "one",
			"method": "GET",
			"path": "/multiply",
			"workload": "calculator",
			"peer": "spiffe://hardway.test/gateway",
			"person": "spiffe://hardway.test/client/bob",
		},
		"/result": {"allowed": false, "rule": "operations.allowed", "reason": "may not", "status": 403, "needed": "a right"},
	}
}

test_what_is_not_known_is_left_out if {
	written({"input": {}}) == {"/input": {}}
	metadata := {"allowed": true, "dry_run": {"allowed": false}}
	written({"input": {}, "result": {"dynamic_metadata": metadata}}) == {"/input": {}, "/result": metadata}
}
