// graphql-eslint over the SDL that we publish: all that is recommended for schemas and for Relay,
// and the rules below. Each that is tuned says why.
import { fileURLToPath } from "node:url";
import graphql from "@graphql-eslint/eslint-plugin";

const sdl = fileURLToPath(new URL("../../../graphql/cordee_graphql/schema.graphql", import.meta.url));

const further = {
  // A payload can grow; a bare scalar can't.
  "@graphql-eslint/no-scalar-result-type-on-mutation": "error",
  "@graphql-eslint/require-nullable-fields-with-oneof": "error",
};

const tuned = {
  // `nodes` beside `edges`, as GitHub has it, and short lists of parts that are never paged. What
  // grows without bound is a connection: tests/api/tooling/test_tooling_schema.py. The lines of a
  // log or of a work list can't be read again by an id of their own: named in the same test.
  "@graphql-eslint/relay-edge-types": [
    "error",
    { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
  ],
  // Only what can be read again has an identity; a part of something (a score, a stage, a payload) has
  // none, and inventing one would promise `node(id)`. The same test holds: an `id` means `Node`.
  "@graphql-eslint/strict-id-in-types": "off",
};

export default [
  {
    files: ["**/*.graphql"],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: sdl } },
    },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...graphql.configs["flat/schema-recommended"].rules,
      ...graphql.configs["flat/schema-relay"].rules,
      ...further,
      ...tuned,
    },
  },
];
