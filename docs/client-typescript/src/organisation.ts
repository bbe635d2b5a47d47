// The organisation: sign-up, members, plugin, programme.
import { RefusedError, there, type Cordee } from "./client.js";
import { graphql } from "./generated/gql.js";
import type { ProgrammePartsInput, Role } from "./generated/graphql.js";

const SignUp = graphql(/* GraphQL */ `
  mutation SignUp($input: TenantSignUpInput!) {
    tenantSignUp(input: $input) {
      token
      tenant {
        name
        plan {
          code
          memberLimit
        }
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);

const Invite = graphql(/* GraphQL */ `
  mutation Invite($input: MemberInviteInput!) {
    memberInvite(input: $input) {
      code
      userErrors {
        code
        message
        path
      }
    }
  }
`);

const Accept = graphql(/* GraphQL */ `
  mutation Accept($code: String!) {
    invitationAccept(input: { code: $code }) {
      token
      member {
        id
        displayName
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);

const EnablePlugin = graphql(/* GraphQL */ `
  mutation EnablePlugin($plugin: String!) {
    pluginEnable(input: { plugin: $plugin }) {
      plugin {
        name
        enabled
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);

const CopyTemplate = graphql(/* GraphQL */ `
  mutation CopyTemplate($template: String!) {
    programmeCopyTemplate(input: { template: $template }) {
      programme {
        id
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

const UpdateProgramme = graphql(/* GraphQL */ `
  mutation UpdateProgramme($input: ProgrammeUpdateInput!) {
    programmeUpdate(input: $input) {
      programme {
        id
        rowVersion
        missing {
          code
          label
        }
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);

const ActivateProgramme = graphql(/* GraphQL */ `
  mutation ActivateProgramme($id: ID!, $rowVersion: Int!) {
    programmeActivate(input: { programmeId: $id, rowVersion: $rowVersion }) {
      programme {
        id
        status
        title
        version
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);

/** Sign an organisation up; the token is its first administrator's. */
export async function signUp(client: Cordee, name: string, slug: string) {
  const { tenantSignUp } = await client.mutate(SignUp, {
    input: {
      name,
      slug,
      plan: "starter",
      adminName: "Maya Roy",
      adminEmail: `maya@${slug}.example`,
      language: "FR",
    },
  });
  const { token, tenant } = there(tenantSignUp, "tenantSignUp");
  return { admin: client.as(there(token, "token")), tenant: there(tenant, "tenant") };
}

/** Invite somebody and accept in their place: the code would reach them by mail. */
export async function join(admin: Cordee, displayName: string, email: string, role: Role) {
  const { memberInvite } = await admin.mutate(Invite, {
    input: { email, displayName, roles: [role] },
  });
  const code = there(memberInvite?.code, "code");
  const { invitationAccept } = await admin.anonymous().mutate(Accept, { code });
  const { token, member } = there(invitationAccept, "invitationAccept");
  return { client: admin.as(there(token, "token")), member: there(member, "member") };
}

/** Enable a plugin: its instruments, rules and catalog are there from now on. */
export async function enable(admin: Cordee, plugin: string): Promise<void> {
  await admin.mutate(EnablePlugin, { plugin });
}

/** Copy a template, find that a part is missing, write it, activate. */
export async function startProgramme(admin: Cordee, template: string) {
  const { programmeCopyTemplate } = await admin.mutate(CopyTemplate, { template });
  const draft = there(programmeCopyTemplate?.programme, "programme");
  const emptied = await update(admin, draft, { motivation: null, resources: null });
  const refusal = await activate(admin, emptied).then(
    () => undefined,
    (error: unknown) => (error instanceof RefusedError ? error : Promise.reject(error)),
  );
  const filled = await update(admin, emptied, {
    motivation: {
      en: "Nobody in our town sleeps outside.",
      fr: "Personne ne dort dehors dans notre ville.",
    },
    resources: {
      people: [{ role: { en: "Referent", fr: "Référent" }, full_time: 2 }],
      means: [{ en: "An office", fr: "Un bureau" }],
      money: { amount: 9000000, currency: "EUR" },
    },
  });
  const programme = await activate(admin, filled);
  return { programme, refused: there(refusal, "refusal of the incomplete programme") };
}

type Row = { id: string; rowVersion: number };

async function update(admin: Cordee, row: Row, parts: ProgrammePartsInput) {
  const input = { programmeId: row.id, rowVersion: row.rowVersion, reason: "Our own means", parts };
  const { programmeUpdate } = await admin.mutate(UpdateProgramme, { input });
  return there(programmeUpdate?.programme, "programme");
}

async function activate(admin: Cordee, row: Row) {
  const { programmeActivate } = await admin.mutate(ActivateProgramme, row);
  return there(programmeActivate?.programme, "programme");
}
