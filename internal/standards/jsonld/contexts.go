package jsonld

// A bundledContext is one context document in the folder contexts. The digests
// are pinned by a test; for credentials-v2, data-integrity-v2, multikey, jwk,
// cid and status they are the ones the W3C Recommendations print.
type bundledContext struct {
	url  string
	file string
	sum  string // SHA-256, lower-case hex

	signOnly   bool // another row has the form this URL is verified with
	verifyOnly bool // another row has the form this URL is signed with
}

var bundled = []bundledContext{
	{url: "https://www.w3.org/ns/credentials/v2", file: "credentials-v2.jsonld", sum: "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"},
	{url: "https://www.w3.org/2018/credentials/v1", file: "credentials-v1.jsonld", sum: "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc"},
	{url: "https://w3id.org/security/data-integrity/v2", file: "data-integrity-v2.jsonld", sum: "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4"},
	{url: "https://w3id.org/security/data-integrity/v1", file: "data-integrity-v1.jsonld", sum: "b5d829bd09aa7c42abc6efa0c8ed7635313b5487f37ccfce3ecd149ca9418554"},
	{url: "https://w3id.org/security/multikey/v1", file: "multikey-v1.jsonld", sum: "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597"},
	{url: "https://w3id.org/security/jwk/v1", file: "jwk-v1.jsonld", sum: "0f14b62f6071aafe00df265770ea0c7508e118247d79b7d861a406d2aa00bece"},
	{url: "https://www.w3.org/ns/cid/v1", file: "cid-v1.jsonld", sum: "ea216ecc1cb02cd39b693dba2250141e270ba0bf95890be107dd9a9e8e43de85"},
	{url: "https://www.w3.org/ns/credentials/status/v1", file: "status-v1.jsonld", sum: "fda5add353231e6a6884a46b12e6c75464281900cb348284d9c360f62381d9f7"},
	{url: "https://w3id.org/vc/status-list/2021/v1", file: "status-list-2021-v1.jsonld", sum: "6dd06a52bedb771e059c1083ba8ba7848dce22f6b4a8cfa0b98ba3fc188870e4"},
	{url: "https://www.w3.org/ns/did/v1", file: "did-v1.jsonld", sum: "62c1054bf404d6dd3a4b26b64f830fd72095f6a26edc4469908c94351352ce5f"},
	{url: "https://w3id.org/security/suites/ed25519-2020/v1", file: "ed25519-2020-v1.jsonld", sum: "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588"},
	{url: "https://w3id.org/security/suites/jws-2020/v1", file: "jws-2020-v1.jsonld", sum: "d648e05ddc6577827ca2bfd5e931f53e9ebc6e52a57a8da81df4ec8c46ffcd1e"},
	{url: "https://identity.foundation/.well-known/did-configuration/v1", file: "did-configuration-v1.json", sum: "a72455e2a489b997ec3a3e1fdcd8950591be86b1500c80ccf2c99b374a7acaf1"},

	// On 29 June 2026 1EdTech added two terms to the published 3.0.3. What
	// uses neither means the same under both; nothing is signed that uses them,
	// as verifiers with the older file would not understand it.
	{url: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", file: "ob-v3p0-context-3.0.3.json", sum: "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761", signOnly: true},
	{url: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", file: "ob-v3p0-context-3.0.3.validator-2026-06-29.json", sum: "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84", verifyOnly: true},
	{url: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json", file: "ob-v3p0-context-3.0.2.json", sum: "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53"},
	{url: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json", file: "ob-v3p0-context-3.0.1.json", sum: "d582f3564282fb3b709136d28412e78e70b678b4dbc2f0221f67d84932748355"},
	{url: "https://purl.imsglobal.org/spec/ob/v3p0/context.json", file: "ob-v3p0-context.json", sum: "b077fa134d909d92c1dcd1c153f2af1b244aeb415967fdc1467d7fc5dd48ac10"},
	{url: "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", file: "ob-v3p0-extensions.json", sum: "146f85aa16effd7ca1da8056eb443f53ce1eca8a34186cb062832c0a97d889c3"},
	{url: "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", file: "clr-v2p0-context-2.0.1.json", sum: "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6"},
	{url: "https://purl.imsglobal.org/spec/clr/v2p0/context.json", file: "clr-v2p0-context.json", sum: "e198d7b517d74c5036434ce495086f67b10244709e9a3df9dcb7f8b1579b6167"},
}
