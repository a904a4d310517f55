import client from './index.cjs'

export const { fetchFn, SpaceClient } = client
export default SpaceClient
