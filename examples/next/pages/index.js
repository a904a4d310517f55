export default function Page() {
  return <h1>A page built by Next.js</h1>
}
