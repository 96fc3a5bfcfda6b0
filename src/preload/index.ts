import { ipcRenderer } from 'electron';

// Passes the port that main pushes on to the page, and gives the page nothing else to hold.
ipcRenderer.on('port', (event) => {
  window.postMessage('port', window.location.origin, event.ports);
});
