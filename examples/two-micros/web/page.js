// The browser sends the owner's session along; the page needs no key and no auth code.
async function show(name) {
  const response = await fetch(`/api/${name}`)
  const text = response.ok ? (await response.json()).message : `refused (${response.status})`
  document.getElementById(name).textContent = text
}

await Promise.all([show('public'), show('secret')])
