import express from 'express'

const app = express()

app.get('/', (request, response) => {
  response.send('Hello world using Express.')
})

app.get('/ping', (request, response) => {
  response.send('pong')
})

// The server tells every app where to listen; 8080 is for running it by hand.
const port = Number(process.env.PORT) || 8080
app.listen(port, () => console.log(`Listening on port ${port}`))
