package sdjwt

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json"

	"laurel/internal/standards/jsonld"
)

// The names that an SD-JWT keeps for itself.
const (
	digestsName   = "_sd"
	elementName   = "..."
	algorithmName = "_sd_alg"
	algorithm     = "sha-256"
)

// processing puts disclosures in the places of their digests.
type processing struct {
	*SDJWT
	byDigest map[string]int
	seen     map[string]bool // digests
}

// disclose is RFC 9901, 7.1, step 3 to 5.
func (s *SDJWT) disclose(payload map[string]any, written []string) error {
	if name, has := payload[algorithmName]; has && name != algorithm {
		return &jsonld.Error{Code: "sd-algorithm-unknown", Detail: "the digests are not of " + algorithm}
	}
	p := processing{s, map[string]int{}, map[string]bool{}}
	for i, text := range written {
		d, err := readDisclosure(text)
		if err != nil {
			return err
		}
		if _, twice := p.byDigest[digest(text)]; twice {
			return &jsonld.Error{Code: "sd-disclosure-twice", Detail: "a disclosure is there twice"}
		}
		p.byDigest[digest(text)] = i
		s.Disclosures = append(s.Disclosures, d)
	}
	payload = maps.Clone(payload)
	delete(payload, algorithmName)
	processed, err := p.value(payload, new(jsonld.Place), 0, -1)
	if err != nil {
		return err
	}
	for _, d := range s.Disclosures {
		if !d.used {
			return &jsonld.Error{Code: "sd-disclosure-unused", Detail: "a disclosure that the issuer did not sign"}
		}
	}
	// What was put together is read once more, as if it had come so: its size,
	// depth and names are held to the same.
	data, err := json.Marshal(processed, json.Deterministic(true))
	if err != nil {
		return malformed("the disclosed claims cannot be written")
	}
	s.Claims, err = jsonld.ParseObject(data)
	return err
}

func (p *processing) value(v any, place *jsonld.Place, depth, within int) (any, error) {
	if depth > 64 {
		return nil, place.Errorf("json-too-deep", "disclosures go too deep")
	}
	switch v := v.(type) {
	case map[string]any:
		return p.object(v, place, depth, within)
	case []any:
		return p.array(v, place, depth, within)
	}
	return v, nil
}

func (p *processing) object(o map[string]any, place *jsonld.Place, depth, within int) (any, error) {
	out := make(map[string]any, len(o))
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if name == digestsName {
			continue
		}
		if isReserved(name) {
			return nil, place.Errorf("sd-name-forbidden", "a claim is named %s", name)
		}
		v, err := p.value(o[name], place.Member(name), depth+1, within)
		if err != nil {
			return nil, err
		}
		out[name] = v
	}
	list, has := o[digestsName]
	digests, ok := list.([]any)
	if has && !ok {
		return nil, place.Errorf("sd-jwt-malformed", "%s is not an array", digestsName)
	}
	for _, d := range digests {
		i, err := p.lookUp(d, false, place)
		if err != nil {
			return nil, err
		}
		if i < 0 {
			continue
		}
		name := p.Disclosures[i].name
		if isReserved(name) {
			return nil, place.Errorf("sd-name-forbidden", "a disclosed claim is named %s", name)
		}
		if _, twice := out[name]; twice {
			return nil, place.Errorf("sd-claim-twice", "a disclosed claim is there already")
		}
		if out[name], err = p.put(i, place.Member(name), depth, within); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (p *processing) array(list []any, place *jsonld.Place, depth, within int) (any, error) {
	out := make([]any, 0, len(list))
	for _, v := range list {
		item := place.Item(len(out))
		if o, ok := v.(map[string]any); ok {
			if d, has := o[elementName]; has {
				if len(o) != 1 {
					return nil, item.Errorf("sd-jwt-malformed", "the place of an element has other members")
				}
				i, err := p.lookUp(d, true, item)
				if err != nil {
					return nil, err
				}
				if i < 0 {
					continue
				}
				value, err := p.put(i, item, depth, within)
				if err != nil {
					return nil, err
				}
				out = append(out, value)
				continue
			}
		}
		value, err := p.value(v, item, depth+1, within)
		if err != nil {
			return nil, err
		}
		out = append(out, value)
	}
	return out, nil
}

// lookUp finds the disclosure of a digest, or -1.
func (p *processing) lookUp(v any, element bool, place *jsonld.Place) (int, error) {
	d, ok := v.(string)
	if !ok {
		return 0, place.Errorf("sd-jwt-malformed", "a digest is not a string")
	}
	if p.seen[d] {
		return 0, place.Errorf("sd-digest-twice", "a digest is there twice")
	}
	if p.seen[d] = true; len(p.seen) > maxDigests {
		return 0, place.Errorf("sd-jwt-malformed", "too many digests")
	}
	i, known := p.byDigest[d]
	if !known {
		p.Hidden++
		return -1, nil
	}
	if p.Disclosures[i].element != element {
		return 0, place.Errorf("sd-jwt-malformed", "a disclosure is not of the kind that belongs here")
	}
	return i, nil
}

// put processes the value of a disclosure for its place.
func (p *processing) put(i int, place *jsonld.Place, depth, within int) (any, error) {
	d := &p.Disclosures[i]
	d.used, d.within, d.Pointer = true, within, place.Pointer()
	v, err := p.value(d.Value, place, depth+1, i)
	d.Value = v
	return v, err
}

func isReserved(name string) bool {
	return name == digestsName || name == elementName || name == algorithmName
}
