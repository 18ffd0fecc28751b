// Reads a folder of cases that packages/identity minted, and says for each what go-spiffe, the reference
// implementation, thinks of it: one line of JSON with the name of the case and the identity, or the reason of a refusal.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spiffe/go-spiffe/v2/bundle/spiffebundle"
	"github.com/spiffe/go-spiffe/v2/spiffeid"
	"github.com/spiffe/go-spiffe/v2/svid/jwtsvid"
	"github.com/spiffe/go-spiffe/v2/svid/x509svid"
)

// A case is an ID, or a certificate chain with its private key, or a token with its audience.
type Case struct {
	ID       string
	Chain    string
	Key      string
	Token    string
	Audience string
	// Bundle documents by the name of their trust domain.
	Bundles map[string]string
}

type Verdict struct {
	Name    string `json:"name"`
	ID      string `json:"id,omitempty"`
	Refusal string `json:"refusal,omitempty"`
}

func main() {
	if len(os.Args) != 2 {
		fail("usage: go run . FOLDER")
	}
	files, err := filepath.Glob(filepath.Join(os.Args[1], "*.json"))
	if err != nil || len(files) == 0 {
		fail("no cases in " + os.Args[1])
	}
	out := json.NewEncoder(os.Stdout)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		id, err := judge(read(file))
		if err != nil {
			_ = out.Encode(Verdict{Name: name, Refusal: err.Error()})
		} else {
			_ = out.Encode(Verdict{Name: name, ID: id.String()})
		}
	}
}

func judge(c Case) (spiffeid.ID, error) {
	if c.ID != "" {
		return spiffeid.FromString(c.ID)
	}
	bundles, err := parseBundles(c.Bundles)
	if err != nil {
		return spiffeid.ID{}, err
	}
	if c.Token != "" {
		svid, err := jwtsvid.ParseAndValidate(c.Token, bundles, []string{c.Audience})
		if err != nil {
			return spiffeid.ID{}, err
		}
		return svid.ID, nil
	}
	svid, err := x509svid.Parse([]byte(c.Chain), []byte(c.Key))
	if err != nil {
		return spiffeid.ID{}, err
	}
	id, _, err := x509svid.Verify(svid.Certificates, bundles)
	return id, err
}

func parseBundles(documents map[string]string) (*spiffebundle.Set, error) {
	bundles := spiffebundle.NewSet()
	for name, document := range documents {
		trustDomain, err := spiffeid.TrustDomainFromString(name)
		if err != nil {
			return nil, err
		}
		bundle, err := spiffebundle.Parse(trustDomain, []byte(document))
		if err != nil {
			return nil, err
		}
		bundles.Add(bundle)
	}
	return bundles, nil
}

func read(file string) Case {
	text, err := os.ReadFile(file)
	if err != nil {
		fail(err.Error())
	}
	var c Case
	if err := json.Unmarshal(text, &c); err != nil {
		fail(fmt.Sprintf("%s: %v", file, err))
	}
	return c
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(2)
}
