"""The core's query fields, one module for each part; collected by name (`cordee_graphql.roots`)."""
