# METADATA
# title: What OPA writes into its own log
# description: |
#   Denials and errors, and what a candidate would decide otherwise. That a request was allowed is in Envoy's log, where it costs a
#   tenth.
# scope: package
package system.log

# METADATA
# title: Not worth a line
drop if {
	input.result.allowed
	not input.result.dynamic_metadata.dry_run
}

# METADATA
# title: Nobody's business
# description: Whoever reads a token in a log has it.
mask contains "/input/attributes/request/http/headers/authorization"
