import { requirement } from '../harness/requirement.ts'
import { docs } from '../sources.ts'

/* GET /v1/models */

export const shape = requirement('models/shape', {
  level: 'must',
  profile: 'sdk',
  title:
    'the list of models is a page: data, has_more, first_id, last_id; each model with id, type, display_name, created_at',
  because: 'SDKs page by last_id, and pickers show display_name.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: docs('api/models/list'),
  capability: 'models',
  vouches: 'models',
})

export const oneShape = requirement('models/one-shape', {
  level: 'must',
  profile: 'full',
  title: 'one model has id, type, display_name and created_at',
  because: 'Clients that resolve an alias read the id.',
  breaks: ['typescript-sdk', 'python-sdk'],
  source: docs('api/models/retrieve'),
  capability: 'models',
  vouches: 'model',
})
