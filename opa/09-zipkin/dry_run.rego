package authz

import data.candidate

# METADATA
# title: What Envoy is told
# description: |
#   The answer of the policy. A candidate is a whole policy, as policy.rego is, in a file beside it that begins with `package
#   candidate`. It is asked on every request, too, and decides nothing: where it would decide otherwise, its own metadata go into
#   the metadata of the answer, as `dry_run` (allowed, rule, and reason if it would deny), and from there into the logs.
# entrypoint: true
decision := object.union(answer, {"dynamic_metadata": {"dry_run": candidate.answer.dynamic_metadata}}) if {
	candidate.answer.allowed != answer.allowed
}

else := answer
