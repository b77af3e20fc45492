package plan

import (
	"crypto/ed25519"
	"math"
	"slices"

	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/did"
)

// checkKeys finds keys that have the name of another one in the ledger: what
// they sign could not be told from what that one signed.
func checkKeys(keys []PublicKey, s *ledger.State) error {
	for _, known := range s.Keys() {
		for _, k := range keys {
			if k.Kid == known.Kid && k.PublicKeyMultibase != known.PublicKeyMultibase {
				return &KeyError{k.Kid, "keys/ contains a different key from the one of that name in the ledger"}
			}
		}
	}
	return nil
}

// known are keys with what the ledger says of them as well: it has the last
// word, since a keys folder may come from a backup, or from another machine.
func known(keys []PublicKey, s *ledger.State) []PublicKey {
	states := s.Keys()
	keys = slices.Clone(keys)
	for i := range keys {
		k := &keys[i]
		n := slices.IndexFunc(states, func(st ledger.KeyState) bool { return st.Kid == k.Kid })
		if n < 0 {
			continue
		}
		if k.Retired.IsZero() {
			k.Retired = states[n].Retired
		}
		if k.Revoked.IsZero() {
			k.Revoked, k.Reason = states[n].Revoked, states[n].RevokedReason
		}
	}
	return keys
}

// Signer is the key of some that a plan would be signed with: the one named, or
// the newest that can sign; its Kid is empty when none can. A name that is of
// none that can is a *KeyError.
func Signer(keys []PublicKey, s *ledger.State, name string) (PublicKey, error) {
	return chooseKey(known(keys, s), name)
}

// chooseKey returns the key named, or the newest that can sign; an empty Key
// when there is none.
func chooseKey(keys []PublicKey, kid string) (PublicKey, error) {
	var newest PublicKey
	for _, k := range keys {
		reason := cannotSign(k)
		if kid != "" && k.Kid == kid {
			if reason != "" {
				return PublicKey{}, &KeyError{kid, "named by sign.key in site.yaml, but " + reason}
			}
			return k, nil
		}
		if reason == "" && (newest.Kid == "" || k.Created.After(newest.Created) ||
			k.Created.Equal(newest.Created) && k.Kid > newest.Kid) {
			newest = k
		}
	}
	if kid != "" {
		return PublicKey{}, &KeyError{kid, "named by sign.key in site.yaml, but keys/ has no such key"}
	}
	return newest, nil
}

// cannotSign says why a key is not one to sign with, or nothing. The main form
// of every award is eddsa-rdfc-2022, which needs Ed25519.
func cannotSign(k PublicKey) string {
	switch key, err := did.DecodeMultikey(k.PublicKeyMultibase); {
	case !k.Revoked.IsZero():
		return "it is revoked"
	case !k.Retired.IsZero():
		return "it is retired"
	case err != nil:
		return "its public half cannot be read"
	default:
		if _, ok := key.(ed25519.PublicKey); !ok {
			return "it is not an Ed25519 key, which eddsa-rdfc-2022 needs"
		}
	}
	return ""
}

// KeyEvents returns what the ledger has yet to learn about the keys, so that a
// build knows every public key without the keys folder.
func KeyEvents(keys []PublicKey, s *ledger.State) []ledger.KeyEvent {
	known := make(map[string]ledger.KeyState)
	for _, k := range s.Keys() {
		known[k.Kid] = k
	}
	var events []ledger.KeyEvent
	for _, k := range keys {
		was, ok := known[k.Kid]
		if !ok {
			events = append(events, ledger.KeyEvent{Kid: k.Kid, Action: ledger.ActionAdded,
				PublicKeyMultibase: k.PublicKeyMultibase, At: k.Created})
		}
		if !k.Retired.IsZero() && was.Retired.IsZero() {
			events = append(events, ledger.KeyEvent{Kid: k.Kid, Action: ledger.ActionRetired, At: k.Retired})
		}
		if !k.Revoked.IsZero() && was.Revoked.IsZero() {
			events = append(events, ledger.KeyEvent{Kid: k.Kid, Action: ledger.ActionRevoked, At: k.Revoked, Reason: k.Reason})
		}
	}
	return events
}

// published are the keys of the issuer's DID document once the plan is carried
// out.
func published(s *ledger.State, events []ledger.KeyEvent) []did.PublishedKey {
	var keys []did.PublishedKey
	for _, k := range s.Keys() {
		keys = append(keys, did.PublishedKey{Kid: k.Kid, PublicKeyMultibase: k.PublicKeyMultibase, Revoked: k.Revoked})
	}
	for _, e := range events {
		switch e.Action {
		case ledger.ActionAdded:
			keys = append(keys, did.PublishedKey{Kid: e.Kid, PublicKeyMultibase: e.PublicKeyMultibase})
		case ledger.ActionRevoked:
			i := slices.IndexFunc(keys, func(k did.PublishedKey) bool { return k.Kid == e.Kid })
			keys[i].Revoked = e.At
		}
	}
	return keys
}

// lastRevocation is the seq of the event that revoked a key last, 0 where none
// is revoked: what was signed before may be worth nothing. One that the ledger
// has yet to learn comes after everything in it.
func lastRevocation(s *ledger.State, events []ledger.KeyEvent) int64 {
	var last int64
	for _, k := range s.Keys() {
		last = max(last, k.RevokedSeq)
	}
	if slices.ContainsFunc(events, func(e ledger.KeyEvent) bool { return e.Action == ledger.ActionRevoked }) {
		last = math.MaxInt64
	}
	return last
}
