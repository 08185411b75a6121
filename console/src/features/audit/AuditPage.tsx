import type { Me } from "../../api/types";

export default function AuditPage({ me }: { me: Me }) {
  return <>{me.name}</>;
}
