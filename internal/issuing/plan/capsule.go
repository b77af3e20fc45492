package plan

import (
	"io"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/capsule"
	"laurel/internal/issuing/ledger"
)

// Seal is an award that was signed before, and is to be sealed now: it has
// become one that is handed out by link, or a run was cut off between the
// signature and the seal.
type Seal struct {
	Award    *model.Award
	Record   *ledger.Record
	Capsules []ledger.Capsule
}

// toSeal tells whether a signed award lacks its capsule. One that was withdrawn
// stays withdrawn, and what is not in force is not handed out.
func toSeal(a *model.Award, rec *ledger.Record) bool {
	return rec != nil && a.Visibility == model.Link && rec.Status == ledger.Active && rec.Capsules == nil && rec.Withdrawn.IsZero()
}

// drawCapsules draws the names and keys under which awards are sealed.
func (p *Plan) drawCapsules(random io.Reader) (err error) {
	for _, i := range p.Issue {
		if i.Award.Visibility != model.Link {
			continue
		}
		var names []string
		for _, v := range i.Variants {
			names = append(names, string(v.Name))
		}
		if i.Capsules, err = capsules(names, random); err != nil {
			return err
		}
	}
	for _, s := range p.Seal {
		var names []string
		for _, v := range s.Record.Variants {
			names = append(names, v.Name)
		}
		if s.Capsules, err = capsules(names, random); err != nil {
			return err
		}
	}
	return nil
}

// capsules are the learner's, and, where there is a choice, one for each form
// alone: that is what a learner passes on.
func capsules(variants []string, random io.Reader) ([]ledger.Capsule, error) {
	of := []string{""}
	if len(variants) > 0 {
		of = append(append(of, ledger.Full), variants...)
	}
	list := make([]ledger.Capsule, len(of))
	for i, v := range of {
		name, key, err := capsule.New(random)
		if err != nil {
			return nil, err
		}
		list[i] = ledger.Capsule{Name: name, Key: key, Variant: v}
	}
	return list, nil
}

// Variants counts the credentials to be signed beside the full ones.
func (p *Plan) Variants() int {
	n := 0
	for _, i := range p.Issue {
		n += len(i.Variants)
	}
	return n
}

// Sealed counts the awards to be sealed, new ones and others, and their
// capsules.
func (p *Plan) Sealed() (awards, capsules int) {
	for _, i := range p.Issue {
		if i.Capsules != nil {
			awards++
			capsules += len(i.Capsules)
		}
	}
	for _, s := range p.Seal {
		awards++
		capsules += len(s.Capsules)
	}
	return awards, capsules
}
