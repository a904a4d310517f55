const ms = require('ms')

exports.day = () => `a day has ${ms('1 day')} ms`
