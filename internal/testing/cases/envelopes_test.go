package cases

import (
	"bytes"
	"encoding/base64"
	"mime/quotedprintable"
	"net/url"
	"slices"
	"strings"

	"laurel/internal/standards/did"
)

// envelopeCases are what mail programs, wallets and messages put credentials into,
// each also with a forged one in it, and sealed European credentials.
func envelopeCases() []attack {
	var all []attack
	standard := base64.StdEncoding.EncodeToString
	token := string(token(header("EdDSA", keyID, "JWT"), claims(credential()), edKey("first")))
	with := func(name string, put func(json string) string) {
		for _, forged := range []bool{false, true} {
			t := attack{name, valid, "ok", nil}
			if forged {
				t = attack{name + "-forged", invalid, "signature-invalid", nil}
			}
			t.make = func(a *academy) []byte {
				doc := a.sign(credential())
				if forged {
					doc = bytes.Replace(doc, []byte("Planing"), []byte("Brewing"), 1)
				}
				return []byte(put(string(doc)))
			}
			all = append(all, t)
		}
	}
	around := func(name, before, behind string) {
		with("in-"+name, func(json string) string { return before + json + behind })
		all = append(all, attack{"token-in-" + name, valid, "ok", func(*academy) []byte { return []byte(before + token + behind) }})
	}
	attached := func(data any) string {
		return string(encode(object{
			"type": "https://didcomm.org/issue-credential/3.0/issue-credential", "id": "1",
			"attachments": []any{object{"id": "1", "media_type": "application/json", "data": data}},
		}))
	}
	around("angles", "<", ">")
	around("curly-quotes", "“", "”")
	around("german-quotes", "„", "“\r\n")
	around("guillemets", "«", "»")
	around("fence", "```json\n", "\n```\n")
	with("in-base64", func(json string) string { return standard([]byte(json)) })
	with("in-base64-of-lines", func(json string) string { return wrap(base64.URLEncoding.EncodeToString([]byte(json)), 76, "\r\n") })
	with("in-quoted-printable", func(json string) string {
		var b bytes.Buffer
		w := quotedprintable.NewWriter(&b)
		_, err := w.Write([]byte(json))
		check("quote", err)
		check("quote", w.Close())
		return b.String()
	})
	with("attached", func(json string) string { return attached(object{"json": decode([]byte(json))}) })
	with("attached-in-base64", func(json string) string { return attached(object{"base64": standard([]byte(json))}) })
	with("attached-in-base64url", func(json string) string { return attached(object{"base64": base64url([]byte(json))}) })
	with("url-in-capitals", func(json string) string { return "DATA:application/json;base64," + standard([]byte(json)) })
	with("url-in-json", func(json string) string { return `{"url":"data:application/ld+json,` + url.PathEscape(json) + `"}` })
	with("in-data", func(json string) string {
		return string(encode(object{"data": object{"credential": decode([]byte(json))}}))
	})
	with("picture-in-base64", func(json string) string { return standard(bakedPNG([]byte(json))) })
	with("marked-in-a-picture", func(json string) string { return pngOf([]byte("\ufeff" + json)) })

	const european = `{"@context":["https://www.w3.org/2018/credentials/v1","http://data.europa.eu/snb/model/context/edc-ap"],"type":["VerifiableCredential","EuropeanDigitalCredential"]}`
	sealed := func(name, verdict, code string, header object, payload string) attack {
		return attack{"sealed-" + name, verdict, code, func(*academy) []byte {
			return []byte(base64url(encode(header)) + "." + base64url([]byte(payload)) + ".AAAA")
		}}
	}
	crit := object{"alg": "ES256", "sigT": "2026-01-01T00:00:00Z", "crit": []any{"sigT"}}
	foreign := strings.Replace(string(encode(claims(credential()))), `"Woodworking"`, `"http://data.europa.eu/snb/"`, 1)
	kid := func(name, verdict, code, issuer, method string) attack {
		return attack{"method-" + name, verdict, code, func(a *academy) []byte {
			a.publish(issuer, did.WebDocument(issuer, []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey(edKey("first").Public())}}))
			return encode(a.secure(statementOf(issuer), options(object{"verificationMethod": method}), edKey("first")))
		}}
	}
	text := func(name, verdict, code, text string) attack {
		return attack{name, verdict, code, func(*academy) []byte { return []byte(text) }}
	}
	return slices.Concat(all, []attack{
		sealed("compact", undetermined, "european-credential", crit, european),
		sealed("compact-without-algorithm", invalid, "algorithm-forbidden", object{"alg": "none"}, european),
		sealed("compact-and-only-named", invalid, "header-forbidden", crit, foreign),
		text("sealed-in-base64", undetermined, "european-credential", `{"payload":"`+standard([]byte(european+" "))+`","signatures":[{"signature":"AAAA"}]}`),
		text("sealed-object", undetermined, "european-credential", `{"payload":`+european+`,"protected":"e30","signature":"AAAA"}`),
		text("sealed-xml", undetermined, "european-credential", `<?xml version="1.0"?><europassCredential xmlns="http://data.europa.eu/snb"/>`),
		kid("in-another-spelling", undetermined, "issuer-document-id", "did:web:School.example.org", "did:web:school.example.org#key-1"),
		kid("of-another", invalid, "method-foreign", "did:web:School.example.org", "did:web:school.example.org:team#key-1"),
		text("offer", undetermined, "form-unsupported", "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fissuer.example.org%2F1"),
	})
}

func statementOf(issuer string) object { return with(statement(), object{"issuer": issuer}) }
