# METADATA
# title: Who may use OPA's own HTTP interface
# description: With all of it whoever is in the pod could change the policy. Envoy asks at another door.
# scope: package
package system.authz

default allow := false

# METADATA
# title: Anyone may ask how it does
allow if {
	input.method == "GET"
	input.path == ["health"]
}
