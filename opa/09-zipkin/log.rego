# METADATA
# title: What OPA writes into its own log
# description: |
#   Denials and errors, and what a candidate would decide otherwise. That a request was allowed is in Envoy's log, where it costs a
#   tenth.
# scope: package
package system.log

import data.authz

# METADATA
# title: Not worth a line
drop if {
	input.result.allowed
	not input.result.dynamic_metadata.dry_run
}

# METADATA
# title: What was asked, by the names that every log uses
# description: |
#   This stands in the place of all that Envoy told, which has the query of a request, too: whoever reads a token in a log has it.
mask contains {"op": "upsert", "path": "/input", "value": asked}

asked["request_id"] := request.headers["x-request-id"]

asked["method"] := request.method

asked["path"] := split(request.path, "?")[0]

asked["workload"] := authz.name_of(attributes.contextExtensions.workload)

asked["peer"] := attributes.source.principal

asked["person"] := attributes.metadataContext.filterMetadata["envoy.filters.http.jwt_authn"].jwt.sub

attributes := input.input.attributes

request := attributes.request.http

# METADATA
# title: What was decided, likewise
mask contains {"op": "upsert", "path": "/result", "value": object.union(input.result.dynamic_metadata, answered)}

default answered := {}

answered := {"status": input.result.http_status, "needed": json.unmarshal(input.result.body).needed}
