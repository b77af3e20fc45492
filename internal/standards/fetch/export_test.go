package fetch

// IsPublic and IsIPLiteral are tested by tables of their own.
var (
	IsPublic    = isPublic
	IsIPLiteral = isIPLiteral
)
