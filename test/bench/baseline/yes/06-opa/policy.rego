# The least that an OPA can decide: yes, whoever asks. What is left is the price of asking.
package authz

decision := {"allowed": true}
