# METADATA
# title: A candidate, by examples
# description: Whatever it says, or does not, the answer is the policy's own.
package dry_run_test

import data.authz

yes := {"allowed": true, "dynamic_metadata": {"allowed": true, "rule": "one"}}

no := {
	"allowed": false,
	"http_status": 403,
	"body": "no",
	"dynamic_metadata": {"allowed": false, "rule": "two", "reason": "because"},
}

test_without_a_candidate_the_answer_is_the_policy_s if {
	authz.decision == yes with authz.answer as yes
	authz.decision == no with authz.answer as no
}

test_a_candidate_that_agrees_is_not_mentioned if {
	stricter := object.union(no, {"dynamic_metadata": {"rule": "three"}})
	authz.decision == yes with authz.answer as yes with data.candidate.answer as yes
	authz.decision == no with authz.answer as no with data.candidate.answer as stricter
}

test_a_candidate_that_would_deny_is_mentioned_and_denies_nothing if {
	decision := authz.decision with authz.answer as yes with data.candidate.answer as no
	decision == {
		"allowed": true,
		"dynamic_metadata": {
			"allowed": true,
			"rule": "one",
			"dry_run": {"allowed": false, "rule": "two", "reason": "because"},
		},
	}
}

test_a_candidate_that_would_allow_is_mentioned_and_allows_nothing if {
	decision := authz.decision with authz.answer as no with data.candidate.answer as yes
	decision == {
		"allowed": false,
		"http_status": 403,
		"body": "no",
		"dynamic_metadata": {
			"allowed": false,
			"rule": "two",
			"reason": "because",
			"dry_run": {"allowed": true, "rule": "one"},
		},
	}
}

test_a_candidate_that_makes_no_sense_changes_nothing if {
	every nonsense in ["yes", 1, [no], {}, {"allowed": false}, {"http_status": 403}] {
		authz.decision == yes with authz.answer as yes with data.candidate.answer as nonsense
	}
}
