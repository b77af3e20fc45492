package conform

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// trusted is the address that the library is given a bundled schema under. It holds
// what stands anywhere else against the schema of schemas, which takes longer than all
// other work on one credential; a test does it instead.
const trusted = "https://json-schema.org/bundled"

// lazySchema compiles its schema at the first call.
type lazySchema func() (*jsonschema.Schema, error)

// accepts tells whether the schema compiles and takes v.
func (s lazySchema) accepts(v any) bool {
	schema, err := s()
	return err == nil && schema.Validate(v) == nil
}

// compilers are one compiler for each bundled file, by its $id, made at the
// first use. No bundled schema refers to another file.
type compilers map[string]*fileCompiler

type fileCompiler struct {
	file string
	url  string

	mu       sync.Mutex
	compiler *jsonschema.Compiler
}

func compilersOf(urls map[string]string) compilers {
	c := compilers{}
	for file, url := range urls {
		c[url] = &fileCompiler{file: file, url: url}
	}
	return c
}

// lazily returns the schema of a URL, which may have a fragment.
func (c compilers) lazily(url string) lazySchema {
	base, _, _ := strings.Cut(url, "#")
	return sync.OnceValues(func() (*jsonschema.Schema, error) {
		file, ok := c[base]
		if !ok {
			return nil, fmt.Errorf("schema %s is not bundled", url)
		}
		return file.compile(url)
	})
}

func (c *fileCompiler) compile(url string) (*jsonschema.Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.open(); err != nil {
		return nil, err
	}
	schema, err := c.compiler.Compile(strings.Replace(url, c.url, trusted, 1))
	if err != nil {
		return nil, fmt.Errorf("compile schema %s: %w", url, err)
	}
	return schema, nil
}

// open reads the file once.
func (c *fileCompiler) open() error {
	if c.compiler != nil {
		return nil
	}
	data, err := schemaFiles.ReadFile("schemas/" + c.file)
	if err != nil {
		return fmt.Errorf("read schema: %w", err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("read schema %s: %w", c.file, err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(noLoader{})
	compiler.DefaultDraft(jsonschema.Draft2019)
	// 2019-09 leaves formats to the implementation. They are asserted: a
	// validator in use may, and the only ones are date and date-time.
	compiler.AssertFormat()
	patterns := map[string]*regexp.Regexp{} // most occur dozens of times
	compiler.UseRegexpEngine(func(text string) (jsonschema.Regexp, error) {
		if patterns[text] != nil {
			return patterns[text], nil
		}
		pattern, err := regexp.Compile(text)
		patterns[text] = pattern
		return pattern, err
	})
	if err := compiler.AddResource(trusted, doc); err != nil {
		return fmt.Errorf("add schema %s: %w", c.file, err)
	}
	c.compiler = compiler
	return nil
}

// noLoader keeps the compiler from reading files or the network.
type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("schema %s is not bundled", url)
}
