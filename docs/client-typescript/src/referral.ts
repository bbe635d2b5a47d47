// A referral from the catalog to the service's answer, and the timeline that tells of it.
import { there, type Cordee } from "./client.js";
import { graphql } from "./generated/gql.js";

const FindService = graphql(/* GraphQL */ `
  query FindService($code: String!) {
    services(first: 1, filter: { code: $code }) {
      nodes {
        id
        name
      }
    }
  }
`);

const CreateReferral = graphql(/* GraphQL */ `
  mutation CreateReferral($input: ReferralCreateInput!) {
    referralCreate(input: $input) {
      referral {
        id
        state
        rowVersion
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);

const SendReferral = graphql(/* GraphQL */ `
  mutation SendReferral($input: ReferralSendInput!) {
    referralSend(input: $input) {
      referral {
        id
        state
        rowVersion
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);

const ReceiveReferral = graphql(/* GraphQL */ `
  mutation ReceiveReferral($input: ReferralReceiveInput!) {
    referralReceive(input: $input) {
      referral {
        id
        state
        rowVersion
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);

const AcceptReferral = graphql(/* GraphQL */ `
  mutation AcceptReferral($input: ReferralAcceptInput!) {
    referralAccept(input: $input) {
      referral {
        id
        state
        rowVersion
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);

const Timeline = graphql(/* GraphQL */ `
  query Timeline($id: ID!) {
    case(id: $id) {
      timeline(first: 50) {
        nodes {
          seq
          text
          plugin
        }
        pageInfo {
          endCursor
        }
      }
    }
  }
`);

const Follow = graphql(/* GraphQL */ `
  subscription Follow($id: ID!, $after: String) {
    caseTimeline(caseId: $id, after: $after) {
      cursor
      node {
        seq
        text
        plugin
      }
    }
  }
`);

const Stranger = graphql(/* GraphQL */ `
  query Stranger($id: ID!, $ids: [ID!]!) {
    node(id: $id) {
      id
    }
    nodes(ids: $ids) {
      id
    }
    cases {
      totalCount
    }
  }
`);

/** Refer a case to a service; the service receives it and accepts. The states it went through. */
export async function refer(client: Cordee, caseId: string, service: string) {
  const found = await client.query(FindService, { code: service });
  const serviceId = there(found.services?.nodes[0], service).id;
  const created = await client.mutate(CreateReferral, {
    input: { caseId, serviceId, reason: "A place tonight" },
  });
  let referral = there(created.referralCreate?.referral, "referral");
  const states = [referral.state];
  const next = (changed: typeof referral | null | undefined) => {
    referral = there(changed, "referral");
    states.push(referral.state);
  };
  const input = () => ({ referralId: referral.id, rowVersion: referral.rowVersion });
  next((await client.mutate(SendReferral, { input: input() })).referralSend?.referral);
  next((await client.mutate(ReceiveReferral, { input: input() })).referralReceive?.referral);
  next((await client.mutate(AcceptReferral, { input: input() })).referralAccept?.referral);
  return { id: referral.id, states };
}

/** The timeline, followed until the plugin's entry, which the worker writes, is there. */
export async function timeline(client: Cordee, caseId: string, plugin: string) {
  const found = await client.query(Timeline, { id: caseId });
  const { nodes, pageInfo } = there(found.case, "case").timeline;
  const entries = [...nodes];
  if (entries.some((entry) => entry.plugin === plugin)) return entries;
  let after = pageInfo.endCursor;
  for (let connections = 0; connections < 5; connections += 1) {
    // A stream may end at any time, with its server for example: the next one goes on after it.
    for await (const { caseTimeline } of client.follow(Follow, { id: caseId, after })) {
      entries.push(caseTimeline.node);
      after = caseTimeline.cursor;
      if (caseTimeline.node.plugin === plugin) return entries;
    }
  }
  throw new Error(`the plugin ${plugin} added nothing to the timeline`);
}

/** What somebody of another organisation sees who holds the ids. */
export async function look(stranger: Cordee, ids: [string, ...string[]]) {
  const answer = await stranger.answer(Stranger, { id: ids[0], ids });
  const data = there(answer.data, "data");
  return {
    node: data.node,
    nodes: data.nodes,
    cases: data.cases?.totalCount,
    code: answer.errors?.[0]?.extensions?.code,
  };
}
