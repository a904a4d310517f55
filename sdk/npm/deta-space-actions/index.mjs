import actions from './index.cjs'

export const { CardType, Inputs, createActions, createActionsServer } = actions
export default actions
