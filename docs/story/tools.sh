# The two commands of the README's story. They need Python and nothing else.
#   ask TOKEN DOCUMENT    sends a GraphQL document and prints the answer
#   got PATH              prints one value of the last answer, for example: got caseOpen.case.id
GRAPHQL=${GRAPHQL:-http://127.0.0.1:8000/graphql}
LAST_ANSWER=${LAST_ANSWER:-$(mktemp)}
export GRAPHQL LAST_ANSWER
ask() { python3 docs/story/ask.py ask "$1" "$2"; }
got() { python3 docs/story/ask.py got "$1"; }
