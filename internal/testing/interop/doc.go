// Package interop holds independent judges of what laurel publishes: verifiers
// from npm that others wrote, run in Node against a built site.
//
// It has no Go code but its test, and Install and Run, which other tests with
// scripts use too. The test builds the sample academy through the laurel binary,
// as a user would, and compares laurel's verdict on every credential and list
// with that of @digitalbazaar/vc and of @digitalcredentials/verifier-core; then
// it alters one credential in ten ways and has all of them refuse it. It takes
// every credential out of its badges with libraries by others, and out of the
// link into the Learner Credential Wallet as that wallet does. The judges run with the network closed:
// network.mjs answers from the published folder and the contexts that package
// proof bundles, and any other request fails the test.
//
// What is shown of credentials that are signed for that (ecdsa-sd-2023) is derived
// and judged by laurel, the verify page's code and the npm suite, each of what the
// others made.
//
// bench.mjs times the same npm stack at signing, for comparison.
package interop
