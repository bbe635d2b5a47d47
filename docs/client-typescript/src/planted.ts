import type { CaseloadPage } from "./caseload.js";
export const wrong = (page: CaseloadPage) => page.nodes[0]?.surname;
