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

test_a_token_is_not_written if {
	"/input/attributes/request/http/headers/authorization" in log.mask
}
