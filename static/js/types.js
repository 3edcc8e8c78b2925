/**
 * Every shape that crosses a border in the browser, in one place.
 *
 * There is no code here: JSDoc typedefs only. Other modules use them as
 * `@typedef {import('../types.js').View} View`. Virtual times are integer microseconds (µs);
 * presentation times `p` are microseconds too, and may be fractional.
 *
 * @module types
 */

/** @typedef {string} NodeId A node's name, for example "node1". */

/** @typedef {'follower'|'precandidate'|'candidate'|'leader'} Role */

/**
 * Who votes. `old` is empty unless two configurations are joint: then both majorities are needed (§4.3).
 * @typedef {{members: NodeId[], old: NodeId[]}} Configuration
 */

/**
 * One log entry. Exactly one of `set`, `delete`, `cas`, `noop`, `configuration` is there.
 * @typedef {object} Entry
 * @property {number} index 1-based.
 * @property {number} term
 * @property {Record<string, any>} [set] One key and its value.
 * @property {string} [delete] The key.
 * @property {{key: string, expected: any, value: any}} [cas]
 * @property {boolean} [noop]
 * @property {Configuration} [configuration]
 * @property {boolean} [veiled] Only that it is there is known, and its term where that is not 0.
 * @property {string} [client] Whose command it is, under client sessions.
 * @property {number} [serial]
 */

/**
 * What of a node is durable.
 * @typedef {object} Disk
 * @property {number} term
 * @property {NodeId|null} votedFor
 * @property {number} lastIndex
 * @property {number} lastTerm
 * @property {number} snapshotIndex 0 without a snapshot.
 */

/**
 * A timer that is set: when, when it fires, and the shortest and longest time-out it could have been given, all in µs.
 * `due` is null where it waits for a command (manual timers).
 * @typedef {{set: number, due: number|null, low: number, high: number}} Timer
 */

/**
 * The visible state of one node.
 * @typedef {object} NodeView
 * @property {Role} state
 * @property {number} term
 * @property {number|string|null} votedFor The ordinal for nodeN names, else the name.
 * @property {Entry[]} log What follows the snapshot: an entry's place in it is not its index.
 * @property {{index: number, term: number}|null} [snapshot] What stands for the entries up to its index.
 * @property {NodeId[]} [members] Who votes, by its latest configuration; absent where members never change.
 * @property {NodeId[]} [oldMembers] The other half of a joint configuration, else empty.
 * @property {NodeId[]} [learners] Whom it brings up to date before they vote; a leader's alone.
 * @property {number} commitIndex
 * @property {number} lastApplied
 * @property {Record<string, any>} stateMachine
 * @property {NodeId|null} leader
 * @property {NodeId[]} votesGranted
 * @property {NodeId[]} votesRefused
 * @property {Record<NodeId, number>} nextIndex Empty unless leader.
 * @property {Record<NodeId, number>} matchIndex Empty unless leader.
 * @property {NodeId|null} transferTo To whom it hands its leadership over.
 * @property {boolean} crashed
 * @property {boolean} paused
 * @property {boolean} [stalled] Its disk stands still.
 * @property {number} [clock] How fast its clock runs; 1 is right.
 * @property {boolean} [lease] It leads and holds a lease.
 * @property {Disk} [disk]
 * @property {Record<string, number>} [sessions] The latest serial of each client.
 * @property {import('./store/veil.js').Seen|null} [heard] What is heard of a node that is seen with another's eyes; null for nothing.
 * @property {Record<string, Timer>} timers By name: election, heartbeat, check_quorum, transfer.
 */

/**
 * A message in flight. Beside these it carries its RPC's own fields in the paper's words:
 * lastLogIndex, lastLogTerm, voteGranted, prevLogIndex, prevLogTerm, entries, leaderCommit,
 * success, matchIndex, conflictIndex, conflictTerm, why, lastIncludedIndex, lastIncludedTerm.
 * @typedef {object} MessageFields
 * @property {number} id
 * @property {string} type RequestVote, AppendEntries, PreVote, TimeoutNow, InstallSnapshot, …
 * @property {boolean} reply
 * @property {NodeId} from
 * @property {NodeId} to
 * @property {number} term
 * @property {number} sent µs.
 * @property {number} arrives µs, if nothing happens to it.
 * @property {null|'cut'|'loss'} lost Whether it is known to die on the way.
 */
/** @typedef {MessageFields & Record<string, any>} Message */

/**
 * A directed link that differs from the default. Its key is "from>to".
 * @typedef {object} LinkView
 * @property {boolean} cut
 * @property {[number, number]|null} latency µs.
 * @property {number} loss Probability.
 * @property {number} duplicate Probability.
 */

/**
 * @typedef {object} ClientView
 * @property {string} id
 * @property {number} serial
 * @property {{op: string, key: string, value?: any, [field: string]: any}} request
 * @property {NodeId} to
 * @property {'waiting'|'ok'|'failed'|'unknown'} outcome
 * @property {any} value
 * @property {NodeId|null} hint Who is the leader, as far as the asked node knows.
 * @property {number} sent µs.
 * @property {number|null} done µs.
 * @property {number} [attempt] How often it has asked, 1 for the first time.
 */

/**
 * The whole visible state at one point of one branch. Immutable; unchanged parts keep their
 * identity from one view to the next, so `===` tells whether a part changed.
 * @typedef {object} View
 * @property {number} time µs.
 * @property {number} seq The last event that is in it; 0 before everything.
 * @property {Record<string, any>} options Of the protocol, as in force; one that is null is not there.
 * @property {Record<NodeId, NodeView>} nodes
 * @property {Record<string, Message>} messages In flight only, by id.
 * @property {Record<string, LinkView>} links By "from>to".
 * @property {Record<string, ClientView>} clients By id.
 */

/** @typedef {[path: Array<string|number>, value: any]} Change `value` null removes, see store/changes.js. */

/**
 * What fills a place of a sentence, of no language yet: text, a number, names to be joined, groups of
 * names, or a sentence in turn.
 * @typedef {string|number|Array<string|number|Array<string|number>>|{say: Say}} Told
 */

/** @typedef {[key: string, params: Record<string, any>]} Say The values are Told. */

/**
 * What happened, as the server tells it.
 * @typedef {object} WireEvent
 * @property {number} seq 1, 2, 3 … without gaps.
 * @property {number} time µs.
 * @property {string} kind command, timer_set, message_sent, role_changed, …
 * @property {NodeId|null} node
 * @property {number|null} cause The event that led to it; null for commands.
 * @property {Record<string, any>} data
 * @property {Change[]} changes
 * @property {Say} [say] Absent where there is nothing to say.
 */

/** @typedef {{election_timeout: [number, number], heartbeat: number, latency: [number, number]}} Timing All in µs. */

/** @typedef {import('./store/texts.js').Ask} Ask */
/** @typedef {import('./store/texts.js').Predict} Predict */
/** @typedef {import('./store/texts.js').LessonStep} LessonStep */
/** @typedef {import('./store/texts.js').LessonInfo} LessonInfo */
/** @typedef {import('./store/texts.js').LessonTexts} LessonTexts */
/** @typedef {import('./store/texts.js').Failure} Failure */
/** @typedef {import('./store/walk.js').Aside} Aside */

/** @typedef {{name: string, text: string, source: string}} Property A promise: its name, what it says, where it is made. */

/**
 * @typedef {object} Session
 * @property {'lesson'|'sandbox'} kind
 * @property {string} title
 * @property {NodeId[]} nodes With which it started, in ring order. Who is there now: Model.nodes.
 * @property {number} seed
 * @property {'manual'|'auto'} timers
 * @property {Timing} timing
 * @property {Record<string, any>} options
 * @property {LessonInfo|null} [lesson]
 * @property {Array<any>} [differences] Where document and paper differ.
 * @property {Property[]} [properties] What is watched of every run, in the order to show it.
 * @property {Record<string, any>} [cluster] What it was made of, as a file holds it.
 * @property {{differs: string[]}} [replayed] A saved run that was carried out anew: the branches of which something else came.
 */

/**
 * @typedef {object} Branch
 * @property {string} id
 * @property {string} name
 * @property {string|null} parent
 * @property {number|null} at The parent's event after which it forked.
 * @property {number} last Its last event.
 * @property {number} now Virtual time at its head, µs.
 * @property {boolean} lesson Whether it is a lesson's own run, which is never changed.
 * @property {number|null} [forked] Virtual time at which it forked, µs.
 * @property {Say|null} [did] What was done on it first, after it forked.
 * @property {Done[]} [log] What was done on it, and not on its parent, up to `last`.
 */

/** @typedef {{command?: Record<string, any>, run_to?: number, stop?: number}} Done A command, or time that passed until `run_to`, µs; up to event `stop` where it was cut short. */

/** @typedef {{at: number, done: Done[]}} LogPart A branch's log from its entry `at` (from 0) on. */

/** @typedef {{on: boolean, rate: number, why?: string}} Playing */

/**
 * What was wrong, where, and what would be right; by `kind` and `facts` the page says it in its own language.
 * @typedef {{message: string, where?: string|null, remedy?: string|null, kind?: string, facts?: Record<string, any>}} Said
 */

/** @typedef {Said & {code: string}} WireError */

/**
 * The answer to `open` and to `resync`.
 * @typedef {object} Opened
 * @property {true} ok
 * @property {string} room
 * @property {string} [token] Only for the owner.
 * @property {'presenter'|'viewer'} role
 * @property {Session} session
 * @property {Branch[]} branches
 * @property {string} branch The active one.
 * @property {WireEvent[]} events
 * @property {number} [from] The first event's number, where not all are sent.
 * @property {{view: View, seq: number}|null} [snapshot] State before `events`, where the beginning is not sent.
 * @property {LogPart} [log] The branch's, in the answer to `resync`.
 * @property {Playing} playing
 */

/**
 * @typedef {object} Frame
 * @property {string} branch
 * @property {number} first
 * @property {number} last
 * @property {WireEvent[]} events May be empty: time passed.
 * @property {number} now Virtual time of the head, µs.
 * @property {Playing} playing
 * @property {LogPart} [log]
 */

/**
 * A message in the air at the cursor, or one that died a moment ago.
 * @typedef {object} Flight
 * @property {number} id The message's id.
 * @property {Message} message
 * @property {number} fraction Where it is on its way, 0 at the sender, 1 at the addressee.
 * @property {number|null} dies The fraction at which it is lost, null if it arrives (or nobody knows yet).
 * @property {number} fade 0 while it flies; grows from 0 to 1 after it died, then the flight is gone.
 * @property {string|null} why Why it dies: cut, loss, crash, user.
 * @property {number} sentSeq The event that sent it.
 * @property {number|null} endSeq The event that ends it, if known.
 * @property {string} label For example "RequestVote".
 * @property {string} detail The few fields that matter, for example "term 2" or "+1 entry · prev 0/0".
 */

/**
 * A message's whole life on the time line.
 * @typedef {object} Arrow
 * @property {number} id
 * @property {Message} message
 * @property {number} sentSeq
 * @property {number|null} endSeq Null while it is in flight at the head.
 * @property {number} p0 Presentation time of sending.
 * @property {number|null} p1 Presentation time of the end.
 * @property {'delivered'|'dropped'|null} end
 * @property {string|null} why Why it was dropped.
 * @property {number} reach How far it comes, 1 for the addressee.
 */

/**
 * From `p` on, until the next one of the same node, the node has this role.
 * @typedef {{p: number, seq: number, role: Role, term: number, crashed: boolean}} RoleSpan
 */

/** @typedef {{p0: number, p1: number}} Stretch A stretch of presentation time, µs. */

/** @typedef {'election'|'leader'|'cut'|'heal'|'term'|'write'|'commit'|'crash'|'restart'|'members'|'snapshot'|'violation'|'vote'|'command'} MarkKind */

/** @typedef {'role'|'vote'|'term'|'commit'|'client'|'command'|'violation'} Moment What kind of moment a person looks for. */

/**
 * A moment worth a mark. `seq` is the last event of the moment: to go there shows all of it; `from` is the event that is marked.
 * @typedef {{p: number, seq: number, from: number, kind: MarkKind, label: string, node: NodeId|null}} Mark
 */

/** @typedef {{kind: 'node'|'link'|'message'|'client'|'entry'|'event', id: string}} Selection id of a link "a>b", of an entry "node1:3", of an event its seq. */

/**
 * What was asked "why?", when the cursor stood at event `at`.
 * @typedef {{kind: 'field', node: NodeId, field: string, at: number} | {kind: 'entry', node: NodeId, index: number, at: number} | {kind: 'pair', node: NodeId, key: string, at: number} | {kind: 'link', id: string, at: number} | {kind: 'client', id: string, at: number} | {kind: 'event', seq: number}} Question
 */

/** @typedef {'select'|'cut'|'isolate'|'crash'|'write'} Tool */

/** @typedef {'connecting'|'open'|'reconnecting'|'busy'|'gone'|'error'} Connection */

/** @typedef {{text: string, tone: 'info'|'good'|'warn'|'bad', sources: string[], places?: Record<string, string>}} Sentence `places` are the parts that were filled in. */

/**
 * One command of the table, as /api/commands.json tells it.
 * @typedef {Record<string, any>} CommandSpec
 */

/**
 * Everything that the screen shows at one moment. main.js makes a new one when something changed.
 * @typedef {object} Model
 * @property {View} view State at the cursor.
 * @property {View|null} previous State before the step (lesson) or event (else) that the cursor stands on: what to compare with.
 * @property {number} time Virtual time at the cursor, µs.
 * @property {number} p Presentation time at the cursor.
 * @property {number} seq The last event at or before the cursor.
 * @property {number} first The branch's first event that is held (1, unless it began with a snapshot).
 * @property {number} last The branch's last event.
 * @property {Flight[]} flights
 * @property {WireEvent[]} events All held events of the branch, also those after the cursor; events[seq - first].
 * @property {Arrow[]} arrows All messages of the branch, ordered by p0. The array grows in place: compare `last` too.
 * @property {number} flight The longest flight of a message, µs: no arrow is longer.
 * @property {Record<NodeId, RoleSpan[]>} roles Per node, ordered by p. The arrays grow in place: compare `last` too.
 * @property {Session} session
 * @property {NodeId[]} nodes Who is there at the cursor, in ring order; the same list as long as they are the same.
 * @property {LessonInfo|null} lesson Null in a sandbox and on a branch that left its lesson.
 * @property {number} step 0-based step at the cursor; -1 none.
 * @property {boolean} ended Whether the lesson's summary is shown, which comes after its last step.
 * @property {import('./store/guessing.js').Guessing|null} guess Free prediction, while it is on.
 * @property {Aside|null} aside What is shown in place of the lesson's own run.
 * @property {import('./store/origin.js').Origin} origin Where the branch left the lesson, or began.
 * @property {ReadonlySet<number>} seen The lesson's steps that were shown, from 0. Grows in place.
 * @property {Selection|null} selection
 * @property {Question|null} question What is being asked "why?".
 * @property {NodeId|null} knower With whose eyes the cluster is seen; null for all of it.
 * @property {Tool} tool
 * @property {boolean} playing
 * @property {'reading'|'question'|null} waiting What Play waits for between steps of a lesson: time to read, or an answer.
 * @property {number} rate Virtual seconds a real second.
 * @property {boolean} live The cursor follows a server that plays.
 * @property {number} behind How many events the cursor is behind a room that goes on without it; 0 where it is not.
 * @property {Connection} connection
 * @property {string|null} reason What the server said about the connection's state, if anything.
 * @property {'own'|'copy'|null} kept Where the room is no more: whether the page holds the run that was there, to be carried on, or as a copy by who watched.
 * @property {'presenter'|'viewer'} role
 * @property {Branch[]} branches
 * @property {string} branch
 * @property {string|null} room The room's id, for a link that others can watch by; null before it is open.
 * @property {string|null} error What went wrong last, to be shown in place.
 * @property {string|null} notice A word from the server that is not an error.
 * @property {Mark[]} marks Ordered by p. Grows in place: compare `last` too.
 * @property {number} reveal The furthest event that has been seen.
 * @property {[number, number]} span First and last presentation time of the branch.
 * @property {string|null} compare What stands beside this run, as addresses call it: the name of rules, or "branch:" and an id.
 * @property {((model: Model) => Model)|null} beside Given this run's model, the one beside it, where the panels tell that one; null where they tell this one.
 * @property {Record<string, number>} answers Choices made in questions, by the step's index: the place of each among the choices, from 0.
 * @property {'light'|'dark'} theme
 * @property {Stretch} stretch What the space-time diagram shows; the same object as long as it is the same.
 * @property {Stretch} whole The whole branch, with a little room where it grows.
 * @property {boolean} long Whether there is so much that the scrub bar shows only the stretch, and an overview the whole.
 * @property {readonly Moment[]} moments What is looked for with "next moment".
 * @property {number|null} pointed The message that is pointed at, wherever on the page.
 * @property {(event: WireEvent) => Sentence|null} explain The event's sentence; null where there is nothing to say.
 * @property {(seq: number) => WireEvent|undefined} event The event of that number.
 * @property {(seq: number) => number} pOf Presentation time of an event.
 * @property {(p: number) => number} seqAt The last event at or before a presentation time.
 * @property {(p: number) => number} timeAt Virtual time at a presentation time.
 * @property {(seq: number) => View} viewAt State after that event.
 * @property {(id: number) => Arrow|undefined} arrow The life of a message.
 */

/**
 * What a person wants. Views and keys send these through `dispatch`; main.js carries them out.
 * @typedef {{type: 'command', command: Record<string, any>} | {type: 'gesture', commands: Array<Record<string, any>>}
 *   | {type: 'play'} | {type: 'pause'} | {type: 'toggle'} | {type: 'step'} | {type: 'stepBack'}
 *   | {type: 'toStart'} | {type: 'toEnd'} | {type: 'nextElection'} | {type: 'nextCommit'}
 *   | {type: 'rate', value: number} | {type: 'slower'} | {type: 'faster'} | {type: 'seek', p: number} | {type: 'seekSeq', seq: number}
 *   | {type: 'zoom', factor: number, p?: number} | {type: 'pan', share: number} | {type: 'stretch', stretch: Stretch} | {type: 'point', message: number|null}
 *   | {type: 'moment', direction: 1|-1} | {type: 'moments', moments: Moment[]}
 *   | {type: 'lessonStep', index: number} | {type: 'next'} | {type: 'back'}
 *   | {type: 'select', selection: Selection|null} | {type: 'why', question: Question} | {type: 'ask', about: string|null} | {type: 'knower', id: NodeId|null} | {type: 'undo'} | {type: 'tool', tool: Tool}
 *   | {type: 'copyState'} | {type: 'branch', id: string} | {type: 'theme'} | {type: 'help'} | {type: 'share'} | {type: 'takeAway'} | {type: 'compare'} | {type: 'leaveCompare'} | {type: 'otherSide'} | {type: 'swapSides'} | {type: 'escape'}
 *   | {type: 'answer', step: number, choice: number} | {type: 'dismissError'}
 *   | {type: 'redo'} | {type: 'rename', id: string, name: string}
 *   | {type: 'outcome', step: number} | {type: 'rejoin'} | {type: 'tryOut'} | {type: 'predict'} | {type: 'slides'} | {type: 'notes'} | {type: 'guess', guess: import('./store/predict.js').Guess|null} | {type: 'weigh', guess: import('./store/predict.js').Guess|null}
 *   | {type: 'tour'} | {type: 'print'} | {type: 'retry'}
 *   | {type: 'carryOn'} | {type: 'saveRun'} | {type: 'anew'}} Action
 */

/** @typedef {(action: Action) => void} Dispatch */

/** @typedef {{update: (model: Model, previous: Model|null) => void}} ViewPart What every view factory gives back. */

/** @typedef {CanvasRenderingContext2D|OffscreenCanvasRenderingContext2D} Pen What diagrams are drawn with. */

export {};
