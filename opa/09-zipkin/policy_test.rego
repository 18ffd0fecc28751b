# METADATA
# title: The policy, by examples
# description: Each refusal differs in one thing from a request that is allowed.
package authz_test

import data.authz

mesh := {
	"trust_domain": "hardway.test",
	"workloads": {
		"spiffe://hardway.test/gateway": {"callers": "anyone"},
		"spiffe://hardway.test/calculator": {"callers": ["spiffe://hardway.test/gateway"]},
		"spiffe://hardway.test/add": {"operation": "add", "callers": ["spiffe://hardway.test/calculator"]},
		"spiffe://hardway.test/multiply": {"operation": "multiply", "callers": ["spiffe://hardway.test/calculator"]},
		"spiffe://hardway.test/divide": {"operation": "divide", "callers": ["spiffe://hardway.test/calculator"]},
	},
	"people": {
		"spiffe://hardway.test/client/alice": ["add", "subtract", "multiply"],
		"spiffe://hardway.test/client/bob": ["add", "subtract"],
		"spiffe://hardway.test/client/carol": [],
	},
}

header := {"alg": "ES256", "kid": "one", "typ": "JWT"}

# What Envoy sends, as far as the policy looks at it.
request(callee, path, person) := {
	"attributes": {
		"contextExtensions": {"workload": id(callee)},
		"metadataContext": {"filterMetadata": {"envoy.filters.http.jwt_authn": {
			"jwt": {"sub": id(person)},
			"jwt_header": header,
		}}},
	},
	"parsed_path": path,
}

# The same, inside the mesh.
call(caller, callee, path, person) := object.union(
	request(callee, path, person),
	{"attributes": {"source": {"principal": id(caller)}}},
)

id(name) := sprintf("spiffe://hardway.test/%s", [name])

with_header(header) := json.patch(request("gateway", ["add"], "client/alice"), [{
	"op": "replace",
	"path": "/attributes/metadataContext/filterMetadata/envoy.filters.http.jwt_authn/jwt_header",
	"value": header,
}])

method(service) := [sprintf("calculator.v1.%s", [service]), "Compute"]

allowed(request) if {
	decision := authz.decision with input as request with data.mesh as mesh
	decision.allowed == true
	not "headers" in object.keys(decision) # Envoy would add them to the request
}

# Denied by this very rule, with a status that is none of success, and a body that says the same.
denied(request, status, rule) := reason if {
	decision := authz.decision with input as request with data.mesh as mesh
	decision.allowed == false
	decision.http_status == status
	decision.http_status >= 400
	decision.headers == {"content-type": "application/problem+json"}
	body := json.unmarshal(decision.body)
	body.status == status
	decision.dynamic_metadata.rule == rule
	reason := decision.dynamic_metadata.reason
	body.detail == sprintf("%s (rule %s)", [reason, rule])
}

test_alice_may_do_everything if {
	every operation in ["add", "subtract", "multiply"] {
		allowed(request("gateway", [operation], "client/alice"))
		allowed(call("gateway", "calculator", [operation], "client/alice"))
	}
	allowed(call("calculator", "add", method("Add"), "client/alice"))
	allowed(call("calculator", "multiply", method("Multiply"), "client/alice"))
}

test_bob_may_add_and_subtract if {
	allowed(request("gateway", ["add"], "client/bob"))
	allowed(request("gateway", ["subtract"], "client/bob"))
	allowed(call("gateway", "calculator", ["add"], "client/bob"))
	allowed(call("calculator", "add", method("Add"), "client/bob"))
}

test_bob_may_not_multiply if {
	reason := "client/bob may not multiply"
	reason == denied(request("gateway", ["multiply"], "client/bob"), 403, "operations.allowed")
	reason == denied(call("gateway", "calculator", ["multiply"], "client/bob"), 403, "operations.allowed")
	reason == denied(call("calculator", "multiply", method("Multiply"), "client/bob"), 403, "operations.allowed")
}

test_everybody_known_may_evaluate if {
	every person in ["client/alice", "client/bob", "client/carol"] {
		allowed(request("gateway", ["evaluate"], person))
		allowed(call("gateway", "calculator", ["evaluate"], person))
	}
}

test_an_operation_does_not_evaluate if {
	reason := "multiply computes, and does nothing else"
	reason == denied(call("calculator", "multiply", ["evaluate"], "client/alice"), 403, "paths.known")
}

test_a_stranger_is_not_known if {
	reason := "client/mallory is not known here"
	reason == denied(request("gateway", ["add"], "client/mallory"), 403, "people.known")
	reason == denied(request("gateway", ["evaluate"], "client/mallory"), 403, "people.known")
	reason == denied(request("gateway", ["nothing"], "client/mallory"), 403, "people.known")
	"client/alice/evil is not known here" == denied(
		request("gateway", ["add"], "client/alice/evil"),
		403,
		"people.known",
	)
}

test_a_name_of_another_trust_domain_is_not_known if {
	evil := json.patch(request("gateway", ["add"], "client/alice"), [{
		"op": "replace",
		"path": "/attributes/metadataContext/filterMetadata/envoy.filters.http.jwt_authn/jwt/sub",
		"value": "spiffe://hardway.test.evil/client/alice",
	}])
	denied(evil, 403, "people.known")
}

test_only_who_may_call_calls if {
	path := method("Multiply")
	allowed(call("calculator", "multiply", path, "client/alice"))
	"add may not call multiply" == denied(call("add", "multiply", path, "client/alice"), 403, "callers.allowed")
	denied(call("calculator/evil", "multiply", path, "client/alice"), 403, "callers.allowed")
	denied(call("calculato", "multiply", path, "client/alice"), 403, "callers.allowed")
	denied(call("gateway", "multiply", path, "client/alice"), 403, "callers.allowed")
	denied(call("add", "calculator", ["add"], "client/alice"), 403, "callers.allowed")
}

test_inside_somebody_has_to_call if {
	path := method("Multiply")
	"nobody may not call multiply" == denied(request("multiply", path, "client/alice"), 403, "callers.allowed")
	denied(request("calculator", ["add"], "client/alice"), 403, "callers.allowed")
}

test_an_envoy_that_nobody_knows_lets_nobody_in if {
	allowed(request("gateway", ["add"], "client/alice"))
	"nobody may not call moon" == denied(request("moon", ["add"], "client/alice"), 403, "callers.allowed")
	unnamed := json.remove(request("gateway", ["add"], "client/alice"), ["/attributes/contextExtensions"])
	"nobody may not call nobody" == denied(unnamed, 403, "callers.allowed")
}

test_the_header_of_a_jwt_svid if {
	allowed(with_header({"alg": "ES256", "kid": "one"}))
	allowed(with_header({"alg": "ES256", "kid": "one", "typ": "JOSE"}))
	every wrong in [
		{"alg": "ES256", "typ": "JWT"},
		{"alg": "ES256", "kid": 1, "typ": "JWT"},
		{"alg": "ES256", "kid": "one", "typ": "at+jwt"},
		{"alg": "ES256", "kid": "one", "typ": "JWT", "jku": "https://evil.test"},
	] {
		denied(with_header(wrong), 403, "token.header") == "the token is not a JWT-SVID"
	}
}

test_without_what_envoy_verified_nobody_comes_in if {
	good := request("gateway", ["add"], "client/alice")
	without := json.remove(good, ["/attributes/metadataContext"])
	denied(without, 403, "token.header")
	claims := {"attributes": {"request": {"http": {"headers": {"authorization": "Bearer abc"}}}}}
	denied(object.union(without, claims), 403, "token.header")
	nobody := json.remove(good, ["/attributes/metadataContext/filterMetadata/envoy.filters.http.jwt_authn/jwt"])
	"nobody is not known here" == denied(nobody, 403, "people.known")
}

test_a_path_is_compared_whole if {
	every path in [["nothing"], [""], [], ["multiply", ""], ["multiply;x=y"], ["MULTIPLY"], ["add", "multiply"]] {
		denied(request("gateway", path, "client/alice"), 404, "paths.known") == "this calculator has no such path"
		denied(call("gateway", "calculator", path, "client/alice"), 404, "paths.known")
	}
	denied(request("gateway", method("Add"), "client/alice"), 404, "paths.known")
}

test_an_operation_has_one_method if {
	reason := "add computes, and does nothing else"
	every path in [
		method("Multiply"),
		["calculator.v1.Add"],
		["calculator.v1.Add", "Compute", ""],
		["calculator.v1.Add", "compute"],
		["grpc.health.v1.Health", "Check"],
		["add"],
	] {
		denied(call("calculator", "add", path, "client/alice"), 403, "paths.known") == reason
	}
}

test_an_operation_without_a_method_does_nothing if {
	denied(call("calculator", "divide", method("Divide"), "client/alice"), 403, "paths.known")
}

test_a_denial_is_a_problem_that_helps if {
	decision := authz.decision with data.mesh as mesh with input as request("gateway", ["multiply"], "client/bob")
	json.unmarshal(decision.body) == {
		"type": "https://hardway.test/problems/forbidden",
		"title": "Forbidden",
		"status": 403,
		"detail": "client/bob may not multiply (rule operations.allowed)",
		"needed": "multiply among what client/bob may do, in mesh.yaml",
		"request_id": "unknown",
	}
}

test_a_path_that_is_not_there_is_a_404 if {
	decision := authz.decision with data.mesh as mesh with input as request("gateway", ["divide"], "client/bob")
	json.unmarshal(decision.body) == {
		"type": "https://hardway.test/problems/not-found",
		"title": "Not found",
		"status": 404,
		"detail": "this calculator has no such path (rule paths.known)",
		"needed": "/add, /subtract, /multiply or /evaluate",
		"request_id": "unknown",
	}
}

test_the_rule_and_the_reason_go_into_the_log if {
	yes := authz.decision with data.mesh as mesh
		with input as call("calculator", "multiply", method("Multiply"), "client/alice")
	yes.dynamic_metadata == {"allowed": true, "rule": "operations.allowed"}
	no := authz.decision with data.mesh as mesh
		with input as call("calculator", "multiply", method("Multiply"), "client/bob")
	no.dynamic_metadata == {
		"allowed": false,
		"rule": "operations.allowed",
		"reason": "client/bob may not multiply",
	}
}

test_without_data_nobody_comes_in if {
	decision := authz.decision with data.mesh as {} with input as request("gateway", ["add"], "client/alice")
	decision.allowed == false
	decision.http_status == 403
}

test_nothing_at_all_is_denied if {
	decision := authz.decision with data.mesh as mesh with input as {}
	decision.allowed == false
	decision.http_status == 403
}

test_a_denial_names_its_request if {
	identified := object.union(
		request("gateway", ["multiply"], "client/bob"),
		{"attributes": {"request": {"http": {"headers": {"x-request-id": "one"}}}}},
	)
	decision := authz.decision with input as identified with data.mesh as mesh
	json.unmarshal(decision.body).request_id == "one"
}
