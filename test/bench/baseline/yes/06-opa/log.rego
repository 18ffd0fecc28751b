# And nothing of it is logged.
package system.log

drop := true
