# Two targets do everything: `make site` publishes the sample academy, `make
# test` runs all tests. Both need only Go and Node; they install the rest
# themselves. `make quick` is for use while you work: it runs the tests with
# -short, which opens no browser, asks no verifier of others, delivers little, lets
# no call fail, and tries a tenth of the mutants and fewer kills. LAUREL_FAULTS=all
# lets every call to the file system go wrong, LAUREL_KILLS=1000 kills that often.

LAUREL      := bin/laurel
PASSPHRASE  := keys/demonstration.passphrase
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
DEADCODE    := golang.org/x/tools/cmd/deadcode@v0.51.0
FUZZTIME    ?= 60s

# The sample's decisions: one award revoked, one suspended and reinstated.
REVOKED   := food-2026/food-handler/food-01
DECIDED   := decided() { grep -qs "\"action\":\"$$1\"" content/ledger/*.jsonl; }; decided
SUSPENDED := welding-spring-2026/mig-welding-1/hong-gildong

# The lists that were signed for an earlier version of their achievement, before all
# else: in a copy of the folder that has only those.
EARLIER := { rm -rf .laurel/earlier && mkdir -p .laurel/earlier && cp -r content keys .laurel/earlier && cd .laurel/earlier && \
	cp content/earlier/achievements/* content/achievements && rm -rf content/programs content/endorsements && \
	find content/awards -type f ! -name evening-badges-2026.yaml ! -name data-2026.yaml -delete && \
	$(abspath $(LAUREL)) sign --yes --passphrase-file $(PASSPHRASE) && cd ../.. && \
	cp -r .laurel/earlier/content/ledger content && rm -rf .laurel/earlier; }

# What the sources are, for "laurel --version": the tag, with what came after it. A copy
# without git has none of it, and says devel.
VERSION := $(shell git describe --tags --match 'v[0-9]*' --always --dirty 2>/dev/null)
TIME    := $(shell TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd 2>/dev/null)
LDFLAGS := -buildid= $(if $(VERSION),-X laurel/internal/cli.linkedVersion=$(VERSION) -X laurel/internal/cli.linkedTime=$(TIME))

.PHONY: build release release-check wine pkcs11 site docs test quick chromium poppler softhsm js check interop s3 bench shots lighthouse fuzz golden clean

build:
	CGO_ENABLED=0 go build -trimpath -ldflags='$(LDFLAGS)' -o $(LAUREL) ./cmd/laurel

# Archives for Linux, macOS and Windows, amd64 and arm64, with checksums and a list of
# parts each, in dist/.
release:
	go run ./internal/tools/release -version '$(VERSION)' -time '$(TIME)' dist

# That the same sources make the same bytes: from two clones of the last commit, in
# folders of other names, the second one with nothing from Go's cache of the first.
release-check:
	@t=$$(mktemp -d) && trap 'chmod -R u+w "$$t"; rm -rf "$$t"' EXIT && \
	git clone -q . "$$t/one" && mkdir -p "$$t/another folder" && git clone -q . "$$t/another folder/laurel" && \
	$(MAKE) -s -C "$$t/one" release && GOCACHE="$$t/cache" $(MAKE) -s -C "$$t/another folder/laurel" release >/dev/null && \
	diff -r "$$t/one/dist" "$$t/another folder/laurel/dist" && (cd "$$t/one/dist" && sha256sum --check --quiet SHA256SUMS && cat SHA256SUMS) && \
	echo "equal, byte for byte, from two folders"

# The scripts of cmd/laurel with the laurel of Windows, where Wine is or can be installed.
wine:
	@cmd/laurel/testdata/wine/run

# The one program that needs cgo, and so a C compiler.
pkcs11:
	CGO_ENABLED=1 go build -trimpath -ldflags=-buildid= -o bin/laurel-pkcs11 ./cmd/laurel-pkcs11

# This can be run again at any time: what is signed stays signed.
site: build
	@ls keys/*.jwe >/dev/null 2>&1 || { \
		(umask 077 && head -c 24 /dev/urandom | base64 > $(PASSPHRASE)) && \
		$(LAUREL) key new --passphrase-file $(PASSPHRASE); }
	@grep -qs '"P-256"' keys/*.json || $(LAUREL) key new --algorithm P-256 --passphrase-file $(PASSPHRASE)
	@grep -qs '"profile"' keys/*.json || $(LAUREL) key new --profile welders-guild --passphrase-file $(PASSPHRASE)
	@grep -qs '"type":"issue"' content/ledger/*.jsonl || $(EARLIER)
	$(LAUREL) sign --yes --passphrase-file $(PASSPHRASE)
	@$(DECIDED) revoke || $(LAUREL) revoke $(REVOKED) --reason "issued by mistake"
	@$(DECIDED) suspend || $(LAUREL) suspend $(SUSPENDED) --reason "under review"
	$(LAUREL) sign --yes --passphrase-file $(PASSPHRASE)
	@$(DECIDED) reinstate || $(LAUREL) reinstate $(SUSPENDED) --reason "review closed"
	$(LAUREL) sign --yes --passphrase-file $(PASSPHRASE)
	$(LAUREL) build
	$(LAUREL) audit public

# The site of the manual, in internal/docs/public.
docs: build
	$(LAUREL) -C internal/docs build

# Test programs carry no debugging information: linking them is much of the work.
# They are vetted by make check. Memory is collected seldom. Twice as many tests run at
# once as there are processors, since many wait for a page. What they write is kept in
# memory, where there are 8 GB for it and programs may run there: copying sites takes a third of the time there.
SHM    := $(shell grep -qs ' /dev/shm [^ ]* [^ ]*noexec' /proc/mounts || df -Pk /dev/shm 2>/dev/null | awk 'NR > 1 && $$4 > 8000000 {print "TMPDIR=/dev/shm"}')
GOTEST := $(SHM) GOGC=400 go test -vet=off -ldflags='-s -w' -parallel $(shell expr 2 \* $$(getconf _NPROCESSORS_ONLN))

test: chromium poppler softhsm
	$(GOTEST) -timeout 20m ./...

quick: poppler
	$(GOTEST) -short ./...

# The browser tests need Debian's Chromium.
chromium:
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium >/dev/null; }

# The tests of printed certificates read them with poppler's programs.
poppler:
	@command -v pdftotext >/dev/null || { apt-get update -qq && apt-get install -y -qq poppler-utils >/dev/null; }

# The test of keys on a token uses SoftHSM, OpenSC's pkcs11-tool, and a C compiler.
softhsm:
	@command -v softhsm2-util >/dev/null && command -v pkcs11-tool >/dev/null && command -v cc >/dev/null || \
		{ apt-get update -qq && apt-get install -y -qq softhsm2 opensc gcc libc6-dev >/dev/null; }

# The scripts of the pages, built from their sources and lockfile.
PAGE := themes/default/src
js: $(PAGE)/node_modules
	cd $(PAGE) && npx --no-install tsc -p verifier && node tools/imports.mjs && node tools/build.mjs

$(PAGE)/node_modules: $(PAGE)/package-lock.json
	cd $(PAGE) && npm ci --silent --no-audit --no-fund
	@touch $@

check: $(PAGE)/node_modules
	@state() { { git status --porcelain; git diff; } | sha256sum; }; before=$$(state); go generate ./... && test "$$before" = "$$(state)" || \
		{ echo "go generate ./... changes files; commit what it generates"; exit 1; }
	cd $(PAGE) && npx --no-install tsc -p verifier && node tools/imports.mjs && node --test tools/ && node tools/build.mjs --check
	@files=$$(gofmt -l cmd internal themes); test -z "$$files" || { echo "not gofmt'ed: $$files"; exit 1; }
	go vet ./...
	go run ./internal/tools/targets linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
	go run $(STATICCHECK) ./...
	@dead=$$(go run $(DEADCODE) $$(go list -f '{{if eq .Name "main"}}{{.ImportPath}}{{end}}' ./...)); test -z "$$dead" || { echo "used only by tests:"; echo "$$dead"; exit 1; }
	@if curl --fail --silent --location --max-time 3 --output /dev/null https://vuln.go.dev/index/db.json; then go run $(GOVULNCHECK) ./...; \
	else echo "govulncheck: its database cannot be reached from here, so nobody looked for known vulnerabilities"; fi

# Independent verifiers judge what laurel signs.
interop:
	go test -count=1 -v ./internal/testing/interop

# Publishing to a store, tried on one that checks signatures and keeps files.
VERSITYGW := github.com/versity/versitygw/cmd/versitygw@v1.8.0
s3:
	GOBIN=$(abspath bin) go install $(VERSITYGW)
	LAUREL_VERSITYGW=$(abspath bin/versitygw) go test -count=1 -v -run S3 ./internal/publishing/host

bench: build chromium
	LAUREL_BENCH=$(abspath $(LAUREL)) go test -p 1 -count=1 -v -timeout 0 -run 'TestBench|TestClaimPageTimes' ./internal/testing/bench ./cmd/laurel

# Pictures of pages of every kind, to look at: .laurel/shots/contact.png has all.
shots: chromium poppler
	LAUREL_SHOTS=$(abspath .laurel/shots) go test -count=1 -v -timeout 0 -run TestShots ./cmd/laurel

# Accessibility, best practices and SEO as Lighthouse has them: 100 each.
lighthouse: chromium
	LAUREL_LIGHTHOUSE=1 go test -count=1 -v -timeout 0 -run TestLighthouse ./cmd/laurel

# Every fuzz target of every package, one after the other.
fuzz:
	@go test ./... -list '^Fuzz' | awk '/^Fuzz/ {t[n++]=$$1} /^ok/ {for (i=0;i<n;i++) print $$2, t[i]; n=0}' | \
	while read pkg target; do \
		echo "$$pkg $$target"; go test $$pkg -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1s || exit 1; \
	done

golden:
	UPDATE_GOLDEN=1 go test ./internal/publishing/...

clean:
	rm -rf bin .laurel; find . -name node_modules -prune -exec rm -rf {} +
	rm -rf internal/docs/public internal/docs/.laurel
	find public -mindepth 1 ! -name .gitignore -delete
