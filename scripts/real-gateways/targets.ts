import type { Dialect, TargetFile } from '../../schemas/types.ts'
import type { Recipe } from './recipes.ts'

/** The package.json of the folder that a gateway is installed in. */
export function manifestOf(recipe: Recipe): object {
  return { private: true, dependencies: { [recipe.package]: recipe.version }, overrides: recipe.pins }
}

/** The target files of a gateway, one for each protocol that it speaks to an upstream, which check serves on a port of its own. */
export function targetsOf({ gateway, over }: Recipe): readonly { dialect: Dialect; file: TargetFile }[] {
  return (Object.keys(over) as Dialect[]).flatMap((dialect) => {
    const entry = over[dialect]
    if (!entry) return []
    const name = `${gateway} over ${dialect}`
    return [{ dialect, file: { targets: [{ ...entry, name, profile: 'full', upstream: { dialect, port: 0 } }] } }]
  })
}
