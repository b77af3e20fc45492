package model

import "bytes"

// The lengths of what the fragment of a claim link is made of: a capsule's
// name in lower-case hex, a dot, and its key in base64url.
const (
	capsuleNameLength = 32
	capsuleKeyLength  = 43
)

// DeliveryRecord is the file in which a delivery to learners remembers what it
// wrote. Its folder, and all below it, is handed to people one by one, and is
// never published.
const DeliveryRecord = ".laurel-delivery.jsonl"

// ClaimLink opens a sealed award in the browser. The key stands in the
// fragment, which browsers send to nobody.
func (s *Site) ClaimLink(name, key string) string {
	return s.BaseURL + "/claim/#" + name + "." + key
}

// FindClaimLink finds the first name and key of a capsule in text, or in any
// other bytes, and returns their offset; -1: there are none. They give the
// award away whatever stands before them, so they are found in a link to any
// site, in one of which the # is escaped, and alone. Nothing else that laurel
// writes has this shape.
func FindClaimLink(data []byte) int {
	for at := 0; ; at++ {
		dot := bytes.IndexByte(data[at:], '.')
		if dot < 0 {
			return -1
		}
		at += dot
		if start := at - capsuleNameLength; start >= 0 && startsWithKey(data[at+1:]) && isHex(data[start:at]) {
			return start
		}
	}
}

func startsWithKey(data []byte) bool {
	if len(data) < capsuleKeyLength {
		return false
	}
	for _, c := range data[:capsuleKeyLength] {
		if (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

func isHex(data []byte) bool {
	for _, c := range data {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
