/** The name under which SUMO's libtraci looks for its Java half. */
package org.eclipse.sumo.libtraci;
