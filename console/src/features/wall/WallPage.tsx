export default function WallPage(_: { me: unknown }) {
  return null;
}
