package host_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"laurel/internal/material/hint"
	"laurel/internal/publishing/host"
)

// A shop is a store on this machine, and what was asked of it.
type shop struct {
	place host.S3

	mu      sync.Mutex
	written []string             // keys, in the order in which they were put or deleted
	sent    map[string][2]string // media type and cache-control that a key was put with
	busy    int                  // so many of the next writes are refused for now
	stop    func(n int)
}

const accessKey, secretKey = "laurel-test-user", "laurel-test-secret"

// newShop starts a store: a gateway of versity, which checks signatures and keeps files,
// where LAUREL_VERSITYGW names its program (make s3), else one in memory.
func newShop(t *testing.T) *shop {
	t.Helper()
	var store http.Handler
	if program := os.Getenv("LAUREL_VERSITYGW"); program != "" {
		store = gateway(t, program)
	} else {
		store = gofakes3.New(s3mem.New()).Server()
	}
	s := &shop{sent: map[string][2]string{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, key, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/"); ok && key != "" && (r.Method == http.MethodPut || r.Method == http.MethodDelete) {
			s.mu.Lock()
			busy := s.busy > 0
			if busy {
				s.busy--
			} else {
				s.written = append(s.written, r.Method+" "+key)
				s.sent[key] = [2]string{r.Header.Get("Content-Type"), r.Header.Get("Cache-Control")}
			}
			n, stop := len(s.written), s.stop
			s.mu.Unlock()
			if busy {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			if stop != nil {
				stop(n)
			}
		}
		store.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.place = host.S3{Endpoint: server.URL, Bucket: "badges", Region: "us-east-1", AccessKey: accessKey, SecretKey: secretKey}
	if err := s.client(t).MakeBucket(t.Context(), "badges", minio.MakeBucketOptions{}); err != nil {
		t.Fatal(err)
	}
	return s
}

// gateway starts the program in a folder of its own, and hands requests on to it.
func gateway(t *testing.T, program string) http.Handler {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	c := exec.Command(program, "--port", address, "--access", accessKey, "--secret", secretKey, "--region", "us-east-1", "posix", "--sidecar", filepath.Join(t.TempDir(), "meta"), t.TempDir())
	if err := os.MkdirAll(c.Args[len(c.Args)-2], 0o755); err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	for range 6000 {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return forward(address)
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the gateway does not start")
	return nil
}

// forward sends requests on, with the host that they were signed for.
func forward(address string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out := r.Clone(r.Context())
		out.RequestURI, out.URL.Scheme, out.URL.Host = "", "http", address
		answer, err := http.DefaultTransport.RoundTrip(out)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer answer.Body.Close()
		maps.Copy(w.Header(), answer.Header)
		w.WriteHeader(answer.StatusCode)
		io.Copy(w, answer.Body)
	})
}

func (s *shop) client(t *testing.T) *minio.Client {
	t.Helper()
	c, err := minio.New(strings.TrimPrefix(s.place.Endpoint, "http://"), &minio.Options{Creds: credentials.NewStaticV4(accessKey, secretKey, ""), Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// objects are all of the bucket.
func (s *shop) objects(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for o := range s.client(t).ListObjects(t.Context(), "badges", minio.ListObjectsOptions{Recursive: true}) {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
		r, err := s.client(t).GetObject(t.Context(), "badges", o.Key, minio.GetObjectOptions{})
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if minio.ToErrorResponse(err).Code == "NoSuchKey" {
			continue // a request that was given up is carried out a little later
		}
		if err != nil {
			t.Fatal(err)
		}
		files[o.Key] = string(b)
	}
	return files
}

// flat is a site in which no file has the name of another's folder: a store of files
// could not hold both for a moment, as S3 does.
func flat(files map[string]string) map[string]string {
	files = maps.Clone(files)
	delete(files, "a")
	delete(files, "b")
	return files
}

func TestS3(t *testing.T) {
	s := newShop(t)
	old, next := flat(before), flat(after)
	one, two := site(t, old), site(t, next)
	if c := publish(t, &s.place, one); len(c.Added) != len(old) || !maps.Equal(s.objects(t), old) {
		t.Errorf("%+v: %v", c, s.objects(t))
	}
	s.written = nil
	if c := publish(t, &s.place, one); c.Steps() != 0 || c.Unchanged != len(old) || s.written != nil {
		t.Errorf("again: %+v %v", c, s.written)
	}

	// A store that is busy is asked again.
	s.busy = 2
	publish(t, &s.place, two)
	if !maps.Equal(s.objects(t), next) {
		t.Errorf("%v", s.objects(t))
	}
	turn := func(w string) int {
		switch {
		case strings.HasPrefix(w, "DELETE"):
			return 3
		case strings.HasPrefix(w, "PUT assets/"):
			return 0
		case w == "PUT did.json" || strings.HasPrefix(w, "PUT status/"):
			return 2
		}
		return 1
	}
	if !slices.IsSortedFunc(s.written, func(a, b string) int { return turn(a) - turn(b) }) {
		t.Errorf("the order is %v", s.written)
	}
	if slices.ContainsFunc(s.written, func(w string) bool { return strings.Contains(w, "same.html") }) {
		t.Errorf("what is the same was written: %v", s.written)
	}

	for key, want := range map[string][2]string{
		"index.html":         {"text/html; charset=utf-8", "public, max-age=0, must-revalidate"},
		"assets/style-2.css": {"text/css; charset=utf-8", "public, max-age=31536000, immutable"},
		"did.json":           {"application/json", "no-cache"},
		"status/1.json":      {"application/json", "no-cache"},
		".nojekyll":          {"application/octet-stream", "public, max-age=0, must-revalidate"},
	} {
		if s.sent[key] != want {
			t.Errorf("%s was put as %q, want %q", key, s.sent[key], want)
		}
		o, err := s.client(t).StatObject(t.Context(), "badges", key, minio.StatObjectOptions{})
		if err != nil || o.ContentType != want[0] || os.Getenv("LAUREL_VERSITYGW") != "" && o.Metadata.Get("Cache-Control") != want[1] {
			t.Errorf("%s is sent as %q, %v", key, o.Metadata, err) // the one in memory forgets cache-control
		}
	}

	// What is below a prefix, and nothing else, is a site of its own.
	below := s.place
	below.Prefix = "sub/site"
	publish(t, &below, one)
	c, err := below.Compare(t.Context(), one)
	if err != nil || c.Steps() != 0 {
		t.Errorf("%+v %v", c, err)
	}
	if list, err := c.Read(t.Context(), "status/1.json"); err != nil || string(list) != "list 1" {
		t.Errorf("the list there is %q, %v", list, err)
	}
	if none, err := c.Read(t.Context(), "nothing"); none != nil || err != nil {
		t.Errorf("%q, %v", none, err)
	}
	all := s.objects(t)
	for p, text := range old {
		if all["sub/site/"+p] != text {
			t.Errorf("sub/site/%s is %q", p, all["sub/site/"+p])
		}
	}

	// What somebody else put there is told, and what laurel did is not, whatever its name.
	theirs := "by hand"
	if _, err := s.client(t).PutObject(t.Context(), "badges", "sub/site/foreign.txt", strings.NewReader(theirs), int64(len(theirs)), minio.PutObjectOptions{}); err != nil {
		t.Fatal(err)
	}
	if c, err := below.Compare(t.Context(), one); err != nil || !slices.Equal(c.Foreign, []string{"foreign.txt"}) {
		t.Errorf("%+v %v", c, err)
	}
	static := maps.Clone(old)
	static["foreign.html"] = "google"
	below.Prefix = "other"
	publish(t, &below, site(t, static))
	if c, err := below.Compare(t.Context(), one); err != nil || len(c.Foreign) != 0 || !slices.Equal(c.Removed, []string{"foreign.html"}) {
		t.Errorf("%+v %v", c, err)
	}

	below.Prefix, below.Bucket = "", "nowhere"
	if _, err := below.Compare(t.Context(), one); err == nil || !strings.Contains(hint.Of(err), "make the bucket") {
		t.Errorf("error is %v, hint %q", err, hint.Of(err))
	}
	below.AccessKey, below.File = "", filepath.Join(t.TempDir(), "credentials")
	if _, err := below.Compare(t.Context(), one); err == nil || !strings.Contains(hint.Of(err), "AWS_ACCESS_KEY_ID") {
		t.Errorf("error is %v", err)
	}
	write(t, below.File, "[default]\naws_access_key_id = "+accessKey+"\naws_secret_access_key = "+secretKey+"\n")
	below.Bucket = "badges"
	if c, err := below.Compare(t.Context(), two); err != nil || c.Unchanged != len(next) {
		t.Errorf("%+v %v", c, err)
	}
	write(t, below.File, "[default]\naws_access_key_id = "+accessKey+"\naws_secret_access_key = wrong\n")
	if _, err := below.Compare(t.Context(), two); os.Getenv("LAUREL_VERSITYGW") != "" && (err == nil || !strings.Contains(hint.Of(err), "check the keys")) {
		t.Errorf("error is %v", err)
	}
}

// TestS3StopsAnywhere ends a run at each of its writes. The next run makes the site
// whole.
func TestS3StopsAnywhere(t *testing.T) {
	old, next := flat(before), flat(after)
	one, two := site(t, old), site(t, next)
	s := newShop(t)
	for stop := 1; ; stop++ {
		s.place.Prefix = fmt.Sprint("site", stop)
		publish(t, &s.place, one)
		c, err := s.place.Compare(t.Context(), two)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		s.mu.Lock()
		s.written, s.stop = nil, func(n int) {
			if n == stop {
				cancel()
			}
		}
		s.mu.Unlock()
		err = c.Apply(ctx, func(int) {})
		cancel()
		s.mu.Lock()
		s.stop = nil
		s.mu.Unlock()
		there := map[string]string{}
		for key, text := range s.objects(t) {
			if p, ok := strings.CutPrefix(key, s.place.Prefix+"/"); ok {
				there[p] = text
			}
		}
		if there["did.json"] == "keys 2" && (there["index.html"] != "home 2" || there["assets/style-2.css"] == "" || there["awards/2/index.html"] == "") {
			t.Fatalf("stopped after %d: keys came before what they are about: %v", stop, there)
		}
		if there["index.html"] == "home 2" && there["assets/style-2.css"] == "" || there["index.html"] == "home 1" && there["assets/style-1.css"] == "" {
			t.Fatalf("stopped after %d: a page is without its style: %v", stop, there)
		}
		publish(t, &s.place, two)
		if c, err := s.place.Compare(t.Context(), two); err != nil || c.Steps() != 0 || c.Unchanged != len(next) {
			t.Fatalf("stopped after %d and run again: %+v %v", stop, c, err)
		}
		if err == nil {
			if stop < 8 {
				t.Errorf("only %d writes", stop)
			}
			return
		}
	}
}
