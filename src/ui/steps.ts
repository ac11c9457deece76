import * as vscode from 'vscode';
import { cancelled, type Asker, type Choice } from './pick';

/** One question of a form; `A` is what is known so far. */
export interface Step<A> {
  /** Undefined: it is always asked. */
  readonly isAsked?: (answers: A) => boolean;
  readonly ask: (asker: Asker, answers: A) => Promise<A>;
  /** Whether it is asked once more: a list to which something was added. */
  readonly isRepeated?: (answers: A) => boolean;
}

/** The person wants the question before this one. */
class Back extends Error {
  constructor(
    /** The question before is one of the same step. */
    readonly isWithin: boolean,
  ) {
    super('back');
  }
}

/**
 * Asks one question after the other, with the way back from each; what was answered before stands there again.
 * @throws GantryError cancelled when the person leaves
 */
export async function askSteps<A>(title: string, known: A, steps: readonly Step<A>[]): Promise<A> {
  let answers = known;
  const asked: number[] = [];
  for (let at = 0; at < steps.length;) {
    const step = steps[at];
    if (!step || step.isAsked?.(answers) === false) {
      at += 1;
      continue;
    }
    const left = steps.slice(at).filter((each) => each.isAsked?.(answers) !== false).length;
    try {
      answers = await step.ask(new StepAsker(title, asked.length + 1, asked.length + left), answers);
      if (step.isRepeated?.(answers)) continue;
      asked.push(at);
      at += 1;
    } catch (error) {
      if (!(error instanceof Back)) throw error;
      if (!error.isWithin) at = asked.pop() ?? 0;
    }
  }
  return answers;
}

/** Asks the questions of one step. */
class StepAsker implements Asker {
  private questions = 0;

  constructor(
    private readonly title: string,
    private readonly step: number,
    private readonly total: number,
  ) {}

  pick<T>(placeHolder: string, choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>): Promise<T> {
    const list = vscode.window.createQuickPick<Choice<T>>();
    list.placeholder = placeHolder;
    list.matchOnDescription = true;
    return this.show(list, (answer, fail) => {
      list.busy = true;
      Promise.resolve(choices).then((items) => {
        list.items = items;
        const before = items.find(({ picked }) => picked);
        if (before) list.activeItems = [before];
        list.busy = false;
      }, fail);
      list.onDidAccept(() => {
        const [chosen] = list.selectedItems;
        if (chosen) answer(chosen.value);
      });
    });
  }

  ask({ prompt, value, placeHolder, validateInput }: vscode.InputBoxOptions): Promise<string> {
    const box = vscode.window.createInputBox();
    box.prompt = prompt;
    box.value = value ?? '';
    box.placeholder = placeHolder;
    const check = async (): Promise<boolean> => {
      const text = box.value;
      const problem = (await validateInput?.(text)) ?? '';
      if (box.value === text) box.validationMessage = problem;
      if (typeof problem === 'string') return problem === '';
      return problem.severity !== vscode.InputBoxValidationSeverity.Error;
    };
    return this.show(box, (answer, fail) => {
      const whenSound = (action: () => void): void => void check().then((sound) => sound && action(), fail);
      box.onDidChangeValue(() => whenSound(() => undefined));
      box.onDidAccept(() => whenSound(() => answer(box.value.trim())));
      // What cannot be taken over as it stands says so at once.
      if (box.value) whenSound(() => undefined);
    });
  }

  /** Shows a question until it is answered, left, or taken back. */
  private show<T>(
    box: vscode.QuickPick<Choice<T>> | vscode.InputBox,
    begin: (answer: (value: T) => void, fail: (error: unknown) => void) => void,
  ): Promise<T> {
    const isWithin = this.questions > 0;
    this.questions += 1;
    box.title = this.title;
    box.step = this.step;
    box.totalSteps = this.total;
    box.ignoreFocusOut = true;
    box.buttons = this.step > 1 || isWithin ? [vscode.QuickInputButtons.Back] : [];
    return new Promise((resolve, reject) => {
      const leave = (error: unknown): void => {
        reject(error instanceof Error ? error : new Error(String(error)));
        box.hide();
      };
      box.onDidTriggerButton(() => leave(new Back(isWithin)));
      box.onDidHide(() => {
        reject(cancelled());
        box.dispose();
      });
      begin((value) => {
        resolve(value);
        box.hide();
      }, leave);
      box.show();
    });
  }
}
