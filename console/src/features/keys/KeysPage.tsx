import type { Me } from "../../api/types";

export default function KeysPage({ me }: { me: Me }) {
  return <>{me.name}</>;
}
