import { contextBridge } from 'electron';

contextBridge.exposeInMainWorld('charloom', Object.freeze({ bridgeVersion: 1 }));
