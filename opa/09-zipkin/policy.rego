# METADATA
# title: Who may call what, on whose behalf
# description: |
#   Each Envoy asks this before it lets a request in. Two identities count, and Envoy has verified both: the workload that
#   calls (its certificate) and the person on whose behalf (the token). What no rule here allows is denied.
# scope: package
package authz

default allow := false

# METADATA
# title: A request is allowed if all of this is true
allow if {
	caller_allowed
	token_in_order
	operation_allowed
}

# METADATA
# title: callers.allowed
# description: From outside anyone may call, and shows no certificate. Inside, mesh.yaml says who calls whom.
caller_allowed if workload.callers == "anyone"

caller_allowed if input.attributes.source.principal in workload.callers

# METADATA
# title: token.header
# description: What of JWT-SVID §2 Envoy does not check. Its signature, audience and lifetime are verified already.
token_in_order if {
	is_string(token.jwt_header.kid)
	object.get(token.jwt_header, "typ", "JWT") in {"JWT", "JOSE"}
	object.remove(token.jwt_header, {"alg", "kid", "typ"}) == {}
}

# METADATA
# title: people.known
person_known if may

# METADATA
# title: operations.allowed
operation_allowed if operation in may

# METADATA
# title: evaluate
# description: Everybody whom we know may ask. Each operation in the expression then decides for itself.
operation_allowed if {
	operation == "evaluate"
	person_known
}

# METADATA
# title: The workload whose Envoy asks
# description: Each Envoy names its own; a request cannot.
workload := data.mesh.workloads[input.attributes.contextExtensions.workload]

# METADATA
# title: The token as Envoy verified it
# description: Never the Authorization header. Whoever calls can write there what he likes.
token := input.attributes.metadataContext.filterMetadata["envoy.filters.http.jwt_authn"]

# METADATA
# title: What the person may do
may := data.mesh.people[token.jwt.sub]

# METADATA
# title: What is asked for
# description: |
#   Paths are compared as whole segments. In front of an operation its one gRPC method is asked for, elsewhere the HTTP API.
#   The HTTP method does not matter: to a wrong one the calculator says 405 itself.
operation := workload.operation if input.parsed_path == methods[workload.operation]

operation := input.parsed_path[0] if {
	not workload.operation
	count(input.parsed_path) == 1
	input.parsed_path[0] in {"add", "subtract", "multiply", "evaluate"}
}

methods := {
	"add": ["calculator.v1.Add", "Compute"],
	"subtract": ["calculator.v1.Subtract", "Compute"],
	"multiply": ["calculator.v1.Multiply", "Compute"],
}

# METADATA
# title: The answer
# description: |
#   Its rule and its reason go into Envoy's metadata, and from there into its log. A denial is a problem (RFC 9457), which an HTTP
#   client gets as it is, and a gRPC client as the message of its status. Envoy gets it by way of dry_run.rego.
answer := {"allowed": true, "dynamic_metadata": {"allowed": true, "rule": "operations.allowed"}} if allow

answer := {
	"allowed": false,
	"http_status": denial.status,
	"headers": {"content-type": "application/problem+json"},
	"body": json.marshal({
		"type": sprintf("https://hardway.test/problems/%s", [problems[denial.status].type]),
		"title": problems[denial.status].title,
		"status": denial.status,
		"detail": sprintf("%s (rule %s)", [denial.reason, denial.rule]),
		"needed": denial.needed,
		"request_id": request_id,
	}),
	"dynamic_metadata": {"allowed": false, "rule": denial.rule, "reason": denial.reason},
} if {
	not allow
}

# METADATA
# title: By what the request is found in every log
# description: The Envoy at the gateway made it up. What a stranger sends in its place is dropped there.
default request_id := "unknown"

request_id := input.attributes.request.http.headers["x-request-id"]

# METADATA
# title: Why not, and what would be needed
# description: The first rule that is broken.
denial := {
	"status": 403,
	"rule": "callers.allowed",
	"reason": sprintf("%s may not call %s", [caller, callee]),
	"needed": sprintf("%s among what %s calls, in mesh.yaml", [callee, caller]),
} if {
	not caller_allowed
} else := {
	"status": 403,
	"rule": "token.header",
	"reason": "the token is not a JWT-SVID",
	"needed": "a header with alg, kid and perhaps typ, and nothing else",
} if {
	not token_in_order
} else := {
	"status": 403,
	"rule": "people.known",
	"reason": sprintf("%s is not known here", [person]),
	"needed": sprintf("%s among the people in mesh.yaml", [person]),
} if {
	not person_known
} else := {
	"status": 404,
	"rule": "paths.known",
	"reason": "this calculator has no such path",
	"needed": "/add, /subtract, /multiply or /evaluate",
} if {
	not operation
	not workload.operation
} else := {
	"status": 403,
	"rule": "paths.known",
	"reason": sprintf("%s computes, and does nothing else", [callee]),
	"needed": "the gRPC method Compute",
} if {
	not operation
} else := {
	"status": 403,
	"rule": "operations.allowed",
	"reason": sprintf("%s may not %s", [person, operation]),
	"needed": sprintf("%s among what %s may do, in mesh.yaml", [operation, person]),
}

problems := {
	403: {"type": "forbidden", "title": "Forbidden"},
	404: {"type": "not-found", "title": "Not found"},
}

default caller := "nobody"

caller := name_of(input.attributes.source.principal)

default callee := "nobody"

callee := name_of(input.attributes.contextExtensions.workload)

default person := "nobody"

person := name_of(token.jwt.sub)

# METADATA
# title: A SPIFFE ID as people say it
name_of(id) := trim_prefix(id, sprintf("spiffe://%s/", [data.mesh.trust_domain]))
