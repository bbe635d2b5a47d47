// Shows GraphiQL. A token goes in the Headers tab; it is kept in memory only.
const headers = { Authorization: "Bearer " };

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: location.pathname }),
    defaultHeaders: JSON.stringify(headers, null, 2),
    shouldPersistHeaders: false,
    defaultEditorToolsVisibility: "headers",
    defaultQuery: "# Put a token in the Headers tab. Mettez un jeton dans l'onglet Headers.\n{\n  __typename\n}\n",
  }),
);
