/** Decisions a second of SUMO worlds, beside SUMO alone and beside Python. */
package greenwave.bench.sumo;
