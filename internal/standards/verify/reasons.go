package verify

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
)

//go:embed reasons.json
var reasonsJSON []byte

// words are the English ones of reasons.json.
type words struct {
	// sentences are what each reason says, by its code, or code and form. Values
	// stand in braces.
	sentences map[string]string
	// hints are what whoever verifies can do, by code.
	hints map[string]string
	// results are the parts of which a result is said, as vc.Standing.Text asks
	// for them.
	results map[string]string
}

// english reads reasons.json, which internal/tools/tables has checked, once.
var english = sync.OnceValue(func() words {
	type text struct {
		English string `json:"en"`
		Command string `json:"command"`
	}
	var table struct {
		Hints   map[string]text `json:"hints"`
		Results map[string]text `json:"results"`
		Reasons []struct {
			Code  string          `json:"code"`
			Hint  string          `json:"hint"`
			Say   text            `json:"say"`
			Forms map[string]text `json:"forms"`
		} `json:"reasons"`
	}
	if err := json.Unmarshal(reasonsJSON, &table); err != nil {
		panic("bug: reasons.json: " + err.Error())
	}
	w := words{map[string]string{}, map[string]string{}, map[string]string{}}
	for name, say := range table.Results {
		w.results[name] = say.English
	}
	for _, r := range table.Reasons {
		w.sentences[r.Code] = r.Say.English
		for form, say := range r.Forms {
			w.sentences[r.Code+"."+form] = say.English
		}
		hint := table.Hints[r.Hint]
		w.hints[r.Code] = strings.TrimSpace(hint.English + " " + hint.Command)
	}
	return w
})
