package cases

import (
	"crypto/hmac"
	"crypto/sha256"
	"iter"
	"strings"
)

// tokenMutants yields a compact JWS with one part changed and the others as they
// were, or with a header that would let its maker choose the key.
func tokenMutants(token string, keep func() bool) iter.Seq[Mutant] {
	part := strings.Split(token, ".")
	head, payload := decode(unbase64(part[0])), decode(unbase64(part[1]))
	return concat(
		partMutants("header", head, keep, func(s string) string { return s + "." + part[1] + "." + part[2] }),
		partMutants("payload", payload, keep, func(s string) string { return part[0] + "." + s + "." + part[2] }),
		sampled(headerMutants(head, part), keep),
		sampled(spellings(part), keep),
	)
}

// partMutants yields the mutants of a JSON part.
func partMutants(name string, doc object, keep func() bool, join func(string) string) iter.Seq[Mutant] {
	return func(yield func(Mutant) bool) {
		for m := range nodeMutants(doc, keep) {
			if !yield(Mutant{name + " " + m.Kind, m.Where, []byte(join(base64url(m.Input)))}) {
				return
			}
		}
	}
}

// headerMutants yields tokens under other headers: with the old signature, with
// none, with that of the forger's key, and with the public key as a secret.
func headerMutants(head object, part []string) iter.Seq[Mutant] {
	evil := edKey("evil")
	return func(yield func(Mutant) bool) {
		for name, changes := range headers(jwk(evil.Public())).all() {
			signed := base64url(encode(with(head, changes))) + "." + part[1]
			mac := hmac.New(sha256.New, []byte(multikey(edKey("first").Public())))
			mac.Write([]byte(signed))
			for kind, signature := range (sequence[string]{
				{"old signature", part[2]},
				{"no signature", ""},
				{"signature of the forger", base64url(signHash(evil, []byte(signed)))},
				{"HMAC of the public key", base64url(mac.Sum(nil))},
			}).all() {
				if !yield(Mutant{"header", name + ", " + kind, []byte(signed + "." + signature)}) {
					return
				}
			}
		}
	}
}

// headers are the members that decide, or that must not.
func headers(jwk object) sequence[object] {
	rows := sequence[object]{
		{"unchanged", nil},
		{"crit", object{"crit": []any{"exp"}, "exp": 1}},
		{"crit empty", object{"crit": []any{}}},
		{"b64 false", object{"b64": false, "crit": []any{"b64"}}},
		{"b64 false without crit", object{"b64": false}},
		{"jwk", object{"jwk": jwk}},
		{"jwk without kid", object{"jwk": jwk, "kid": absent}},
		{"jku", object{"jku": "https://evil.example/jwks.json"}},
		{"x5u", object{"x5u": "https://evil.example/cert.pem"}},
		{"x5c", object{"x5c": []any{"AAAA"}}},
		{"zip", object{"zip": "DEF"}},
		{"kid of another", object{"kid": "did:web:evil.example#key-1"}},
		{"kid of the guild", object{"kid": guildKey}},
		{"kid is a path", object{"kid": "../../../../dev/null"}},
	}
	for _, alg := range []string{"none", "None", "NONE", "nOnE", "", "HS256", "HS384", "HS512", "EdDSA", "Ed25519", "ES256", "ES256K", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "RSA1_5", "dir"} {
		rows = append(rows, sequence[object]{{"alg " + alg, object{"alg": alg}}}...)
	}
	return rows
}

// spellings yields the token written, cut and put together in other ways.
func spellings(part []string) iter.Seq[Mutant] {
	head, payload, signature := part[0], part[1], part[2]
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	rows := sequence[string]{
		{"without signature", head + "." + payload + "."},
		{"two parts", head + "." + payload},
		{"four parts", head + "." + payload + "." + signature + "." + signature},
		{"parts turned round", payload + "." + head + "." + signature},
		{"header twice", head + "." + head + "." + signature},
		{"empty payload", head + ".." + signature},
		{"empty header", "." + payload + "." + signature},
		{"line break inside", head + ".\n" + payload + "." + signature},
		{"space inside", head + ". " + payload + "." + signature},
		{"padding", head + "." + payload + "." + signature + "=="},
		{"padded header", head + "=." + payload + "." + signature},
		{"standard alphabet", strings.NewReplacer("-", "+", "_", "/").Replace(head + "." + payload + "." + signature)},
		{"signature cut", head + "." + payload + "." + signature[:len(signature)-2]},
		{"signature longer", head + "." + payload + "." + signature + "AA"},
		{"disclosures behind", head + "." + payload + "." + signature + "~"},
		{"twice", strings.Join(part, ".") + "\n" + strings.Join(part, ".")},
		{"space around", " " + strings.Join(part, ".") + "\n"},
	}
	for i := range part {
		for _, last := range alphabet {
			changed := append([]string{}, part...)
			changed[i] = part[i][:len(part[i])-1] + string(last)
			rows = append(rows, sequence[string]{{"last character of a part", strings.Join(changed, ".")}}...)
		}
	}
	return func(yield func(Mutant) bool) {
		for name, token := range rows.all() {
			if !yield(Mutant{"token", name, []byte(token)}) {
				return
			}
		}
	}
}
