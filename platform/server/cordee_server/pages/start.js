// Shows GraphiQL. A token goes in the Headers tab; it is kept in memory only.
const headers = { Authorization: "Bearer " };

// Without a token the header is left out: the schema may be read without one, and a bearer that is
// empty is refused.
function send(address, options) {
  const { Authorization: bearer, ...others } = options.headers;
  const signed = /^Bearer\s+\S/i.test(bearer ?? "");
  return fetch(address, signed ? options : { ...options, headers: others });
}

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: location.pathname, fetch: send }),
    defaultHeaders: JSON.stringify(headers, null, 2),
    shouldPersistHeaders: false,
    defaultEditorToolsVisibility: "headers",
    defaultQuery: "# Put a token in the Headers tab. Mettez un jeton dans l'onglet Headers.\n{\n  __typename\n}\n",
  }),
);
