// Package rundir keeps a run on disk, so that neither a crash, a full disk nor a
// second process loses or mixes up what was computed.
//
//	NAME-HASH6/
//	  run.json      what the run is and how it stands ([Info])
//	  metrics.csv   one row per measured step ([Metrics], [ReadMetrics])
//	  checkpoint/   the state to go on from ([Dir.SaveCheckpoint])
//	  lock          held by the process that writes here ([Dir.Lock])
//
// A directory is named after the hash of the resolved config: the same run finds
// its own directory again ([Create]), two different ones never share one.
//
// Files are replaced by writing beside them, syncing, reading back and renaming;
// rows are appended by one write each. Whatever the instant at which a process
// dies, run.json is whole, the table is whole but for an unfinished last line,
// which readers leave out, and a good checkpoint remains if there was one.
//
// To go on from a checkpoint, open the metrics with the checkpoint's step: rows
// after it are dropped, to be written again.
package rundir
