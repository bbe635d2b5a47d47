// The support of one person: from the request to an accepted referral.
import { there, type Cordee } from "./client.js";
import { graphql } from "./generated/gql.js";

const RegisterPerson = graphql(/* GraphQL */ `
  mutation RegisterPerson($input: PersonRegisterInput!) {
    personRegister(input: $input) {
      person {
        id
        number
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);

const OpenCase = graphql(/* GraphQL */ `
  mutation OpenCase($input: CaseOpenInput!) {
    caseOpen(input: $input) {
      case {
        id
        number
        stage
        rowVersion
        transitions {
          stage
          objections {
            code
            text
          }
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

const DecideSelection = graphql(/* GraphQL */ `
  mutation DecideSelection($input: SelectionDecideInput!) {
    selectionDecide(input: $input) {
      selection {
        criteriaCode
        outcome
        because {
          met
          sentence
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

const RecordConsent = graphql(/* GraphQL */ `
  mutation RecordConsent($input: ConsentRecordInput!) {
    consentRecord(input: $input) {
      case {
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

const DesignateReferent = graphql(/* GraphQL */ `
  mutation DesignateReferent($input: ReferentDesignateInput!) {
    referentDesignate(input: $input) {
      case {
        id
        rowVersion
        referent {
          displayName
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

const MoveCase = graphql(/* GraphQL */ `
  mutation MoveCase($input: CaseMoveInput!) {
    caseMove(input: $input) {
      case {
        id
        rowVersion
        stage
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);

const Assess = graphql(/* GraphQL */ `
  mutation Assess($input: AssessmentCompleteInput!) {
    assessmentComplete(input: $input) {
      assessment {
        title
        scores {
          key
          value
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

const AskRule = graphql(/* GraphQL */ `
  query AskRule($rule: String!, $on: Date!, $facts: JSON!) {
    eligibility(rule: $rule, on: $on, facts: $facts) {
      outcome
      ask {
        fact
        label
      }
    }
  }
`);

const Evaluate = graphql(/* GraphQL */ `
  mutation Evaluate($input: EligibilityEvaluateInput!) {
    eligibilityEvaluate(input: $input) {
      result {
        title
        outcome
        indicative
        because {
          sentence
          source {
            citation
          }
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

/** Register a person. */
export async function register(client: Cordee, familyName: string, givenNames: string) {
  const { personRegister } = await client.mutate(RegisterPerson, {
    input: { familyName, givenNames, birthDatePrecision: "REFUSED", languages: ["ar", "fr"] },
  });
  return there(personRegister?.person, "person");
}

/** Open a case, with the source of the request. */
export async function open(client: Cordee, personId: string, programmeId: string) {
  const { caseOpen } = await client.mutate(OpenCase, {
    input: {
      personId,
      programmeId,
      requestSource: "ORGANISATION",
      requestDetail: "Day centre",
      requestedOn: "2026-01-12",
    },
  });
  return there(caseOpen?.case, "case");
}

/** Evaluate the criteria and admit; a person decides, and says why. */
export async function admit(client: Cordee, caseId: string) {
  const { selectionDecide } = await client.mutate(DecideSelection, {
    input: {
      caseId,
      decision: "ADMITTED",
      reason: "Loses the flat in three weeks",
      facts: { days_until_homeless: 20, wants_support: true, health_difficulty: true, debts: true },
    },
  });
  return there(selectionDecide?.selection, "selection");
}

/** Record that the person was informed and agreed. */
export async function consent(client: Cordee, caseId: string) {
  const { consentRecord } = await client.mutate(RecordConsent, {
    input: {
      caseId,
      informationGivenOn: "2026-01-12",
      givenOn: "2026-01-12",
      form: "SIGNED",
      language: "fr",
    },
  });
  return there(consentRecord?.case, "case");
}

/** Make a member the referent. `rowVersion` says which state of the case was read. */
export async function designate(
  supervisor: Cordee,
  row: { id: string; rowVersion: number },
  memberId: string,
) {
  const { referentDesignate } = await supervisor.mutate(DesignateReferent, {
    input: { caseId: row.id, rowVersion: row.rowVersion, memberId },
  });
  return there(referentDesignate?.case, "case");
}

/** Begin the assessment. */
export async function beginAssessment(client: Cordee, row: { id: string; rowVersion: number }) {
  const { caseMove } = await client.mutate(MoveCase, {
    input: { caseId: row.id, rowVersion: row.rowVersion, stage: "ASSESSMENT" },
  });
  return there(caseMove?.case, "case");
}

/** Use an instrument; its scores by key. */
export async function assess(
  client: Cordee,
  caseId: string,
  instrument: string,
  answers: Record<string, unknown>,
) {
  const { assessmentComplete } = await client.mutate(Assess, {
    input: { caseId, instrument, answers, assessedOn: "2026-01-14" },
  });
  const found = there(assessmentComplete?.assessment, "assessment");
  return {
    title: found.title,
    scores: Object.fromEntries(found.scores.map((score) => [score.key, score.value])),
  };
}

/** What a rule still has to ask, the cheapest first; nothing is kept. */
export async function ask(client: Cordee, rule: string, facts: Record<string, unknown>) {
  const { eligibility } = await client.query(AskRule, { rule, on: "2026-01-14", facts });
  return there(eligibility, "eligibility");
}

/** Evaluate a rule and keep the result in the case. It is indicative; a person decides. */
export async function evaluate(
  client: Cordee,
  caseId: string,
  rule: string,
  facts: Record<string, unknown>,
) {
  const { eligibilityEvaluate } = await client.mutate(Evaluate, {
    input: { caseId, rule, on: "2026-01-14", facts },
  });
  return there(eligibilityEvaluate?.result, "result");
}
