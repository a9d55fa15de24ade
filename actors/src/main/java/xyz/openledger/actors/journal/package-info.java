/**
 * The embedded journal: a Pekko Persistence journal, snapshot store and query plugin on LMDB, in
 * which many actors' writes share one durable commit.
 *
 * <p>Start at {@link xyz.openledger.actors.journal.EventStore} for what is stored and how, at
 * {@link xyz.openledger.actors.journal.GroupCommit} for how it becomes durable, and at {@link
 * xyz.openledger.actors.journal.LmdbReadJournal} for how projections read it.
 */
@NullMarked
package xyz.openledger.actors.journal;

import org.jspecify.annotations.NullMarked;
